//! Lines to paste: the critical initialisation in PyTorch, Flax and Keras.

use crate::model::Activation;
use serde::Serialize;

/// A network in each framework.
#[derive(Serialize)]
pub(super) struct Code {
    pub(super) pytorch: String,
    pub(super) flax: String,
    pub(super) keras: String,
}

/// What they have in common.
pub(super) struct Layers {
    pub(super) activation: Activation,
    pub(super) depth: usize,
    pub(super) width: u64,
    pub(super) sigma_w: f64,
    pub(super) sigma_b: f64,
}

/// How a framework has an activation.
#[derive(Clone, Copy)]
enum Has {
    /// As an object to call.
    Ready(&'static str),
    /// As an expression in `u`, under no name of its own.
    Expression(&'static str),
}

use Has::{Expression, Ready};

/// An activation by its name here: in PyTorch, JAX and Keras.
const KNOWN: [(&str, [Has; 3]); 23] = [
    ("tanh", [Ready("torch.nn.Tanh()"), Ready("jax.nn.tanh"), Ready("keras.activations.tanh")]),
    ("relu", [Ready("torch.nn.ReLU()"), Ready("jax.nn.relu"), Ready("keras.activations.relu")]),
    ("linear", [Ready("torch.nn.Identity()"), Expression("u"), Ready("keras.activations.linear")]),
    ("sigmoid", [Ready("torch.nn.Sigmoid()"), Ready("jax.nn.sigmoid"), Ready("keras.activations.sigmoid")]),
    (
        "gelu",
        [Ready("torch.nn.GELU()"), Expression("jax.nn.gelu(u, approximate=False)"), Ready("keras.activations.gelu")],
    ),
    (
        "gelu_tanh",
        [
            Ready("torch.nn.GELU(approximate=\"tanh\")"),
            Ready("jax.nn.gelu"),
            Expression("keras.activations.gelu(u, approximate=True)"),
        ],
    ),
    ("softplus", [Ready("torch.nn.Softplus()"), Ready("jax.nn.softplus"), Ready("keras.activations.softplus")]),
    ("silu", [Ready("torch.nn.SiLU()"), Ready("jax.nn.silu"), Ready("keras.activations.silu")]),
    ("elu", [Ready("torch.nn.ELU()"), Ready("jax.nn.elu"), Ready("keras.activations.elu")]),
    ("selu", [Ready("torch.nn.SELU()"), Ready("jax.nn.selu"), Ready("keras.activations.selu")]),
    ("mish", [Ready("torch.nn.Mish()"), Ready("jax.nn.mish"), Ready("keras.activations.mish")]),
    ("softsign", [Ready("torch.nn.Softsign()"), Ready("jax.nn.soft_sign"), Ready("keras.activations.softsign")]),
    ("relu6", [Ready("torch.nn.ReLU6()"), Ready("jax.nn.relu6"), Ready("keras.activations.relu6")]),
    ("hard_tanh", [Ready("torch.nn.Hardtanh()"), Ready("jax.nn.hard_tanh"), Ready("keras.activations.hard_tanh")]),
    (
        "hard_sigmoid",
        [Ready("torch.nn.Hardsigmoid()"), Ready("jax.nn.hard_sigmoid"), Ready("keras.activations.hard_sigmoid")],
    ),
    ("hard_swish", [Ready("torch.nn.Hardswish()"), Ready("jax.nn.hard_swish"), Ready("keras.activations.hard_silu")]),
    ("sin", [Expression("torch.sin(u)"), Ready("jax.numpy.sin"), Ready("keras.ops.sin")]),
    ("cos", [Expression("torch.cos(u)"), Ready("jax.numpy.cos"), Ready("keras.ops.cos")]),
    ("atan", [Expression("torch.atan(u)"), Ready("jax.numpy.arctan"), Ready("keras.ops.arctan")]),
    (
        "gaussian",
        [
            Expression("torch.exp(-0.5 * u**2)"),
            Expression("jax.numpy.exp(-0.5 * u**2)"),
            Expression("keras.ops.exp(-0.5 * u**2)"),
        ],
    ),
    (
        "gauss_cdf",
        [
            Expression("torch.special.ndtr(u)"),
            Expression("jax.scipy.special.ndtr(u)"),
            Expression("0.5 * (1 + keras.ops.erf(u / 2**0.5))"),
        ],
    ),
    (
        "erf_sqrt2",
        [
            Expression("torch.erf(u / 2**0.5)"),
            Expression("jax.scipy.special.erf(u / 2**0.5)"),
            Expression("keras.ops.erf(u / 2**0.5)"),
        ],
    ),
    (
        "erf_sqrtpi2",
        [
            Expression("torch.erf(0.5 * math.pi**0.5 * u)"),
            Expression("jax.scipy.special.erf(0.5 * math.pi**0.5 * u)"),
            Expression("keras.ops.erf(0.5 * math.pi**0.5 * u)"),
        ],
    ),
];

const FRAMEWORKS: [&str; 3] = ["PyTorch", "JAX", "Keras"];

/// The definition of `phi` in the framework of this place.
fn phi(activation: Activation, framework: usize) -> String {
    let name = activation.name();
    let of = FRAMEWORKS[framework];
    if name.starts_with("leaky_relu") {
        let (leak, _) = activation.tails();
        return match framework {
            0 => format!("phi = torch.nn.LeakyReLU({leak})\n"),
            1 => format!("def phi(u):\n    return jax.nn.leaky_relu(u, {leak})\n"),
            _ => format!("def phi(u):\n    return keras.activations.leaky_relu(u, negative_slope={leak})\n"),
        };
    }
    match KNOWN.iter().find(|(known, _)| *known == name).map(|(_, has)| has[framework]) {
        Some(Ready(object)) => format!("phi = {object}\n"),
        Some(Expression(expression)) if framework == 0 => {
            format!("# {of} has no module for {name}\ndef phi(u):\n    return {expression}\n")
        }
        Some(Expression(expression)) => format!("def phi(u):\n    return {expression}\n"),
        None => {
            let title: String = name.split_whitespace().collect::<Vec<_>>().join(" ");
            format!(
                "# {of} has no activation {title}: write it here\ndef phi(u):\n    raise NotImplementedError(\"the activation of the network\")\n"
            )
        }
    }
}

impl Layers {
    pub(super) fn code(&self) -> Code {
        Code { pytorch: self.pytorch(), flax: self.flax(), keras: self.keras() }
    }

    /// `math` is there for all, since some activations take it.
    fn pytorch(&self) -> String {
        let Self { depth, width, sigma_w, sigma_b, .. } = self;
        let bias = if *sigma_b == 0.0 {
            "torch.nn.init.zeros_(layer.bias)".to_owned()
        } else {
            format!("torch.nn.init.normal_(layer.bias, std={sigma_b})")
        };
        let phi = phi(self.activation, 0);
        // modules go into a Sequential as they are
        let member = if phi.starts_with("phi =") { "phi" } else { "Phi()" };
        let class = if member == "phi" {
            String::new()
        } else {
            "\nclass Phi(torch.nn.Module):\n    def forward(self, u):\n        return phi(u)\n\n".to_owned()
        };
        format!(
            "import math\nimport torch\n\n{phi}{class}\ndef initialise(layer):\n    if isinstance(layer, torch.nn.Linear):\n        \
             torch.nn.init.normal_(layer.weight, std={sigma_w} / math.sqrt(layer.in_features))\n        {bias}\n\n\
             layers = [[torch.nn.Linear({width}, {width}), {member}] for _ in range({depth})]\n\
             model = torch.nn.Sequential(*sum(layers, []))\nmodel.apply(initialise)\n"
        )
    }

    fn flax(&self) -> String {
        let Self { depth, width, sigma_w, sigma_b, .. } = self;
        let bias = if *sigma_b == 0.0 { "zeros".to_owned() } else { format!("normal({sigma_b})") };
        format!(
            "import math\nimport jax\nimport flax.linen as nn\n\n{}\nclass Network(nn.Module):\n    @nn.compact\n    def __call__(self, x):\n        \
             # standard deviation sigma_w / sqrt(fan_in)\n        weights = nn.initializers.variance_scaling({sigma_w}**2, \"fan_in\", \"normal\")\n        \
             biases = nn.initializers.{bias}\n        for _ in range({depth}):\n            \
             x = phi(nn.Dense({width}, kernel_init=weights, bias_init=biases)(x))\n        return x\n",
            phi(self.activation, 1)
        )
    }

    fn keras(&self) -> String {
        let Self { depth, width, sigma_w, sigma_b, .. } = self;
        let bias = if *sigma_b == 0.0 { "Zeros()".to_owned() } else { format!("RandomNormal(stddev={sigma_b})") };
        format!(
            "import math\nimport keras\n\n{}\ndef dense():\n    # standard deviation sigma_w / sqrt(fan_in)\n    return keras.layers.Dense(\n        \
             {width},\n        activation=phi,\n        kernel_initializer=keras.initializers.VarianceScaling(\n            \
             scale={sigma_w}**2, mode=\"fan_in\", distribution=\"untruncated_normal\"\n        ),\n        \
             bias_initializer=keras.initializers.{bias},\n    )\n\nmodel = keras.Sequential([dense() for _ in range({depth})])\n",
            phi(self.activation, 2)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_activation_has_its_lines() {
        for &activation in Activation::ALL {
            let code = Layers { activation, depth: 3, width: 8, sigma_w: 1.5, sigma_b: 0.25 }.code();
            for (text, import) in
                [(&code.pytorch, "import torch"), (&code.flax, "import flax"), (&code.keras, "import keras")]
            {
                assert!(text.contains(import) && text.contains("1.5") && text.contains("0.25"), "{activation}: {text}");
                assert!(!text.contains("NotImplementedError"), "{activation}: {text}");
            }
        }
    }
}
