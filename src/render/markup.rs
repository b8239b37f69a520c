//! Reads label markup into a tree.

use super::error::MarkupError;
use super::font::{self, Style};

/// What stands over its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    Bar,
    Accent(char),
    Root,
}

/// How a character takes space in mathematics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Ordinary,
    Binary,
    Relation,
    Open,
    Punctuation,
    /// Upright function name, set close to what is in parentheses and apart from letters.
    Function,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    Character(char, Style, Class),
    /// Function name in mathematics.
    Word(String),
    /// Blank, in thousandths of an em.
    Space(f64),
    Scripts {
        base: Vec<Node>,
        low: Vec<Node>,
        high: Vec<Node>,
    },
    Over(Over, Vec<Node>),
}

/// Parses a label.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, MarkupError> {
    let mut reader = Reader { text, characters: text.chars().collect(), at: 0, mathematics: false, upright: 0, depth: 0 };
    let nodes = reader.sequence(None)?;
    if reader.mathematics {
        return Err(reader.error(reader.characters.len(), "`$` is not closed"));
    }
    Ok(nodes)
}

/// Writes plain text so that markup shows it as it is.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '$' | '_' | '^' | '{' | '}' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

struct Reader<'a> {
    text: &'a str,
    characters: Vec<char>,
    at: usize,
    mathematics: bool,
    upright: usize,
    depth: usize,
}

impl Reader<'_> {
    fn error(&self, at: usize, message: impl Into<String>) -> MarkupError {
        MarkupError { text: self.text.to_owned(), position: at + 1, message: message.into() }
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    /// Nodes up to a closing character (consumed) or the end.
    fn sequence(&mut self, close: Option<char>) -> Result<Vec<Node>, MarkupError> {
        let start = self.at;
        let mut nodes = Vec::new();
        while let Some(c) = self.peek() {
            match c {
                _ if Some(c) == close => {
                    self.at += 1;
                    return Ok(nodes);
                }
                '}' => return Err(self.error(self.at, "`}` closes nothing")),
                '$' if close.is_some() => return Err(self.error(self.at, "`$` inside braces")),
                '$' => {
                    self.at += 1;
                    self.mathematics = !self.mathematics;
                }
                '_' | '^' => self.scripts(&mut nodes)?,
                _ => nodes.extend(self.atom()?),
            }
        }
        match close {
            Some(_) => Err(self.error(start.saturating_sub(1), "`{` is not closed")),
            None => Ok(nodes),
        }
    }

    /// Sub- and superscripts of the node before.
    fn scripts(&mut self, nodes: &mut Vec<Node>) -> Result<(), MarkupError> {
        let base: Vec<Node> = nodes.pop().into_iter().collect();
        let (mut low, mut high) = (None, None);
        while let Some(c @ ('_' | '^')) = self.peek() {
            let at = self.at;
            self.at += 1;
            let slot = if c == '_' { &mut low } else { &mut high };
            if slot.is_some() {
                return Err(self.error(at, format!("second `{c}` on one symbol")));
            }
            let content = self.argument(at)?;
            if content.is_empty() {
                return Err(self.error(at, format!("`{c}` has nothing to shift")));
            }
            *if c == '_' { &mut low } else { &mut high } = Some(content);
        }
        nodes.push(Node::Scripts { base, low: low.unwrap_or_default(), high: high.unwrap_or_default() });
        Ok(())
    }

    /// One atom or a group in braces.
    fn argument(&mut self, owner: usize) -> Result<Vec<Node>, MarkupError> {
        match self.peek() {
            Some('{') => self.group(),
            None | Some('_' | '^' | '$' | '}' | ' ') => Err(self.error(owner, "argument is missing")),
            Some(_) => self.atom(),
        }
    }

    fn group(&mut self) -> Result<Vec<Node>, MarkupError> {
        self.at += 1;
        self.depth += 1;
        if self.depth > 16 {
            return Err(self.error(self.at - 1, "braces are nested too deeply"));
        }
        let nodes = self.sequence(Some('}'))?;
        self.depth -= 1;
        Ok(nodes)
    }

    fn atom(&mut self) -> Result<Vec<Node>, MarkupError> {
        let at = self.at;
        let c = self.characters[at];
        match c {
            '{' => self.group(),
            '\\' => self.command(),
            ' ' if self.mathematics && self.upright == 0 => {
                self.at += 1;
                Ok(Vec::new())
            }
            _ => {
                self.at += 1;
                Ok(vec![self.character(c, at)?])
            }
        }
    }

    fn character(&self, c: char, at: usize) -> Result<Node, MarkupError> {
        let free = self.mathematics && self.upright == 0;
        let shown = match c {
            '-' if free => '−',
            '*' if free => '∗',
            '\'' if free => '′',
            _ => c,
        };
        let greek = ('α'..='ω').contains(&shown) || matches!(shown, 'ϕ' | 'ϵ' | 'ϑ' | 'ℓ' | '∂');
        let italic = free && (shown.is_ascii_alphabetic() || greek);
        let style = if italic { Style::Italic } else { Style::Regular };
        let class = match shown {
            _ if !free => Class::Ordinary,
            '=' | '<' | '>' | '≤' | '≥' | '≈' | '≠' | '∼' | '∝' | '→' | '≪' | '≫' => Class::Relation,
            '+' | '−' | '×' | '±' | '·' => Class::Binary,
            '(' | '[' | '⟨' => Class::Open,
            ',' | ';' => Class::Punctuation,
            _ => Class::Ordinary,
        };
        if c.is_control() || font::glyph(shown, style).is_none() {
            return Err(self.error(at, format!("the font has no character U+{:04X}", u32::from(c))));
        }
        Ok(Node::Character(shown, style, class))
    }

    fn command(&mut self) -> Result<Vec<Node>, MarkupError> {
        let at = self.at;
        self.at += 1;
        let Some(first) = self.peek() else { return Err(self.error(at, "`\\` at the end")) };
        if !first.is_ascii_alphabetic() {
            self.at += 1;
            return match first {
                '$' | '_' | '^' | '{' | '}' | '\\' | '%' | '#' | '&' => {
                    Ok(vec![Node::Character(first, Style::Regular, Class::Ordinary)])
                }
                ',' | ' ' => Ok(vec![Node::Space(if first == ',' { 167.0 } else { 250.0 })]),
                _ => Err(self.error(at, format!("unknown command `\\{first}`"))),
            };
        }
        let mut name = String::new();
        while let Some(c) = self.peek().filter(char::is_ascii_alphabetic) {
            name.push(c);
            self.at += 1;
        }
        let over = match name.as_str() {
            "bar" | "overline" => Some(Over::Bar),
            "hat" => Some(Over::Accent('\u{2c6}')),
            "tilde" => Some(Over::Accent('\u{2dc}')),
            "dot" => Some(Over::Accent('\u{2d9}')),
            "sqrt" => Some(Over::Root),
            _ => None,
        };
        if let Some(over) = over {
            let content = self.argument(at)?;
            return Ok(vec![Node::Over(over, content)]);
        }
        if matches!(name.as_str(), "mathrm" | "text") {
            self.upright += 1;
            let content = self.argument(at)?;
            self.upright -= 1;
            return Ok(content);
        }
        if FUNCTIONS.contains(&name.as_str()) {
            return Ok(vec![Node::Word(name)]);
        }
        match SYMBOLS.iter().find(|(known, _)| *known == name) {
            Some(&(_, symbol)) => {
                let outside = !self.mathematics;
                self.mathematics |= outside;
                let node = self.character(symbol, at);
                self.mathematics &= !outside;
                Ok(vec![node?])
            }
            None => Err(self.error(at, format!("unknown command `\\{name}`"))),
        }
    }
}

const FUNCTIONS: [&str; 17] = [
    "log", "ln", "exp", "tanh", "sin", "cos", "erf", "max", "min", "det", "tr", "Var", "Cov", "E", "sgn", "arg", "lim",
];

const SYMBOLS: [(&str, char); 67] = [
    ("alpha", 'α'),
    ("beta", 'β'),
    ("gamma", 'γ'),
    ("delta", 'δ'),
    ("epsilon", 'ϵ'),
    ("varepsilon", 'ε'),
    ("zeta", 'ζ'),
    ("eta", 'η'),
    ("theta", 'θ'),
    ("iota", 'ι'),
    ("kappa", 'κ'),
    ("lambda", 'λ'),
    ("mu", 'μ'),
    ("nu", 'ν'),
    ("xi", 'ξ'),
    ("pi", 'π'),
    ("rho", 'ρ'),
    ("sigma", 'σ'),
    ("tau", 'τ'),
    ("upsilon", 'υ'),
    ("phi", 'φ'),
    ("varphi", 'ϕ'),
    ("chi", 'χ'),
    ("psi", 'ψ'),
    ("omega", 'ω'),
    ("Gamma", 'Γ'),
    ("Delta", 'Δ'),
    ("Theta", 'Θ'),
    ("Lambda", 'Λ'),
    ("Xi", 'Ξ'),
    ("Pi", 'Π'),
    ("Sigma", 'Σ'),
    ("Phi", 'Φ'),
    ("Psi", 'Ψ'),
    ("Omega", 'Ω'),
    ("times", '×'),
    ("cdot", '·'),
    ("pm", '±'),
    ("le", '≤'),
    ("leq", '≤'),
    ("ge", '≥'),
    ("geq", '≥'),
    ("ll", '≪'),
    ("gg", '≫'),
    ("ne", '≠'),
    ("approx", '≈'),
    ("sim", '∼'),
    ("propto", '∝'),
    ("infty", '∞'),
    ("to", '→'),
    ("partial", '∂'),
    ("nabla", '∇'),
    ("sum", '∑'),
    ("prod", '∏'),
    ("int", '∫'),
    ("ell", 'ℓ'),
    ("prime", '′'),
    ("star", '∗'),
    ("ast", '∗'),
    ("langle", '⟨'),
    ("rangle", '⟩'),
    ("Vert", '‖'),
    ("dagger", '†'),
    ("degree", '°'),
    ("ldots", '…'),
    ("top", '⊤'),
    ("perp", '⊥'),
];
