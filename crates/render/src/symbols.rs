//! Commands of the markup.

use super::markup::Class::{self, Binary, Close, Open, Ordinary, Relation};

/// Upright names of functions.
pub(super) const FUNCTIONS: [&str; 23] = [
    "arccos", "cos", "cosh", "cov", "det", "diag", "erf", "exp", "inf", "lim", "ln", "log", "max", "min", "Pr", "sgn",
    "sin", "sinh", "sup", "tan", "tanh", "tr", "Var",
];

/// Commands with an argument, and what they are called in suggestions.
pub(super) const COMMANDS: [&str; 10] =
    ["bar", "hat", "tilde", "dot", "ddot", "sqrt", "text", "mathrm", "mathbf", "quad"];

/// The command whose character this is; of several, the first.
pub fn command_of(character: char) -> Option<&'static str> {
    SYMBOLS.iter().find(|row| row.1 == character).map(|row| row.0)
}

/// Name, character, whether italic, spacing.
pub(super) const SYMBOLS: [(&str, char, bool, Class); 75] = [
    ("alpha", 'α', true, Ordinary),
    ("beta", 'β', true, Ordinary),
    ("gamma", 'γ', true, Ordinary),
    ("delta", 'δ', true, Ordinary),
    ("epsilon", 'ϵ', true, Ordinary),
    ("varepsilon", 'ε', true, Ordinary),
    ("zeta", 'ζ', true, Ordinary),
    ("eta", 'η', true, Ordinary),
    ("theta", 'θ', true, Ordinary),
    ("iota", 'ι', true, Ordinary),
    ("kappa", 'κ', true, Ordinary),
    ("lambda", 'λ', true, Ordinary),
    ("mu", 'μ', true, Ordinary),
    ("nu", 'ν', true, Ordinary),
    ("xi", 'ξ', true, Ordinary),
    ("pi", 'π', true, Ordinary),
    ("rho", 'ρ', true, Ordinary),
    ("sigma", 'σ', true, Ordinary),
    ("tau", 'τ', true, Ordinary),
    ("upsilon", 'υ', true, Ordinary),
    ("phi", 'ϕ', true, Ordinary),
    ("varphi", 'φ', true, Ordinary),
    ("chi", 'χ', true, Ordinary),
    ("psi", 'ψ', true, Ordinary),
    ("omega", 'ω', true, Ordinary),
    ("Gamma", 'Γ', false, Ordinary),
    ("Delta", 'Δ', false, Ordinary),
    ("Theta", 'Θ', false, Ordinary),
    ("Lambda", 'Λ', false, Ordinary),
    ("Xi", 'Ξ', false, Ordinary),
    ("Pi", 'Π', false, Ordinary),
    ("Sigma", 'Σ', false, Ordinary),
    ("Phi", 'Φ', false, Ordinary),
    ("Psi", 'Ψ', false, Ordinary),
    ("Omega", 'Ω', false, Ordinary),
    ("ell", 'ℓ', false, Ordinary),
    ("infty", '∞', false, Ordinary),
    ("partial", '∂', false, Ordinary),
    ("nabla", '∇', false, Ordinary),
    ("prime", '′', false, Ordinary),
    ("ast", '∗', false, Ordinary),
    ("star", '⋆', false, Ordinary),
    ("dagger", '†', false, Ordinary),
    ("ldots", '…', false, Ordinary),
    ("circ", '∘', false, Binary),
    ("times", '×', false, Binary),
    ("cdot", '⋅', false, Binary),
    ("pm", '±', false, Binary),
    ("mp", '∓', false, Binary),
    ("le", '≤', false, Relation),
    ("leq", '≤', false, Relation),
    ("ge", '≥', false, Relation),
    ("geq", '≥', false, Relation),
    ("ll", '≪', false, Relation),
    ("gg", '≫', false, Relation),
    ("ne", '≠', false, Relation),
    ("approx", '≈', false, Relation),
    ("sim", '∼', false, Relation),
    ("simeq", '≃', false, Relation),
    ("equiv", '≡', false, Relation),
    ("propto", '∝', false, Relation),
    ("to", '→', false, Relation),
    ("rightarrow", '→', false, Relation),
    ("leftarrow", '←', false, Relation),
    ("in", '∈', false, Relation),
    ("parallel", '∥', false, Relation),
    ("perp", '⊥', false, Relation),
    ("langle", '⟨', false, Open),
    ("rangle", '⟩', false, Close),
    ("sum", '∑', false, Ordinary),
    ("int", '∫', false, Ordinary),
    ("Vert", '∥', false, Ordinary),
    ("mid", '|', false, Relation),
    ("degree", '°', false, Ordinary),
    ("hbar", 'ℏ', false, Ordinary),
];
