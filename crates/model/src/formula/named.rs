//! Activations that are given by a formula, a line each; and those with a file of their own, as formulas.

/// An activation by its name.
#[derive(Debug, PartialEq)]
pub struct Named {
    /// As files and the command line say it.
    pub name: &'static str,
    /// What may follow its argument, and what is meant where nothing does.
    pub parameters: &'static [(&'static str, f64)],
    /// In `u` and the parameters.
    pub formula: &'static str,
    /// What there is to say of it.
    pub about: &'static str,
}

macro_rules! named {
    ($($name:ident($($parameter:ident = $default:expr),*) = $formula:literal, $about:literal;)*) => {
        &[$(Named {
            name: stringify!($name),
            parameters: &[$((stringify!($parameter), $default)),*],
            formula: $formula,
            about: $about,
        },)*]
    };
}

/// Every activation that a formula may call. Those that have a file of their own come first.
pub const NAMED: &[Named] = named! {
    erf_sqrt2() = "erf(u / sqrt(2))", "";
    erf_sqrtpi2() = "erf(sqrt(pi) / 2 * u)", "";
    gauss_cdf() = "normal_cdf(u)", "";
    relu() = "max(u, 0)", "";
    leaky_relu(slope = 0.01) = "where(u > 0, u, slope * u)", "";
    linear() = "u", "";
    gaussian() = "exp(-u^2 / 2)", "";
    gelu() = "u * normal_cdf(u)", "";
    silu(slope = 1.0) = "u * sigmoid(slope * u)", "Swish; slope 1.702 is a common approximation of gelu (Ramachandran, Zoph, Le 2017).";
    elu(alpha = 1.0) = "where(u > 0, u, alpha * expm1(u))", "Exponential linear unit (Clevert, Unterthiner, Hochreiter 2016).";
    selu() = "1.0507009873554805 * where(u > 0, u, 1.6732632423543772 * expm1(u))",
        "Scaled so that mean 0 and variance 1 are a fixed point (Klambauer et al. 2017).";
    mish() = "u * tanh(softplus(u))", "Misra 2019.";
    hard_tanh() = "max(-1, min(1, u))", "The identity, clipped at -1 and 1.";
    hard_sigmoid() = "max(0, min(1, u / 6 + 0.5))", "A line, clipped at 0 and 1.";
    hard_swish() = "u * max(0, min(1, u / 6 + 0.5))", "Howard et al. 2019.";
    softsign() = "u / (1 + abs(u))", "Its second derivative jumps at 0.";
    relu6() = "min(max(u, 0), 6)", "relu, clipped at 6.";
    relu_squared() = "max(u, 0)^2", "So et al. 2021.";
    gelu_tanh() = "u * sigmoid(2 * sqrt(2 / pi) * (u + 0.044715 * u^3))",
        "gelu as many codes approximate it; `u (1 + tanh(...)) / 2` written without cancellation (Hendrycks, Gimpel 2016).";
    prelu(slope = 0.25) = "where(u > 0, u, slope * u)", "leaky_relu with the slope at which training starts (He et al. 2015).";
};

/// How many of [`NAMED`] have a file of their own.
pub const WITH_A_FILE: usize = 8;

/// The activation of this name.
pub fn find(name: &str) -> Option<&'static Named> {
    NAMED.iter().find(|named| named.name == name)
}
