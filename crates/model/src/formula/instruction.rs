//! What a formula is made of: operations on numbers, each on results of earlier ones.

/// A function of one number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Function {
    Negative,
    Exp,
    Expm1,
    Ln,
    Ln1p,
    Sqrt,
    Abs,
    Sign,
    Tanh,
    Sinh,
    Cosh,
    Erf,
    Erfc,
    Sigmoid,
    Softplus,
    Sin,
    Cos,
    Atan,
    Asinh,
    NormalCdf,
    NormalPdf,
}

impl Function {
    /// Those that a formula may name, and how figures set them.
    pub const NAMED: [(&'static str, Function, &'static str); 20] = [
        ("exp", Function::Exp, r"\exp"),
        ("expm1", Function::Expm1, r"\mathrm{expm1}"),
        ("ln", Function::Ln, r"\ln"),
        ("ln_1p", Function::Ln1p, r"\mathrm{ln1p}"),
        ("sqrt", Function::Sqrt, r"\sqrt"),
        ("abs", Function::Abs, "|"),
        ("sign", Function::Sign, r"\mathrm{sign}"),
        ("tanh", Function::Tanh, r"\tanh"),
        ("sinh", Function::Sinh, r"\sinh"),
        ("cosh", Function::Cosh, r"\cosh"),
        ("erf", Function::Erf, r"\mathrm{erf}"),
        ("erfc", Function::Erfc, r"\mathrm{erfc}"),
        ("sigmoid", Function::Sigmoid, r"\mathrm{sigmoid}"),
        ("softplus", Function::Softplus, r"\mathrm{softplus}"),
        ("sin", Function::Sin, r"\sin"),
        ("cos", Function::Cos, r"\cos"),
        ("atan", Function::Atan, r"\mathrm{atan}"),
        ("asinh", Function::Asinh, r"\mathrm{asinh}"),
        ("normal_cdf", Function::NormalCdf, r"\Phi"),
        ("normal_pdf", Function::NormalPdf, r"\phi_{\mathrm{N}}"),
    ];

    /// Picoseconds for a value of a tile, to a half or so.
    pub fn cost(self) -> u64 {
        match self {
            Function::Negative | Function::Abs | Function::Sign => 80,
            Function::Sqrt => 300,
            Function::Exp | Function::Expm1 | Function::Ln | Function::NormalPdf => 900,
            Function::Tanh | Function::Erf | Function::Sigmoid | Function::Sin | Function::Cos => 1_400,
            Function::Softplus | Function::NormalCdf | Function::Sinh | Function::Cosh => 2_200,
            Function::Ln1p | Function::Erfc | Function::Atan | Function::Asinh => 8_000,
        }
    }
}

/// A function of two numbers. Comparisons and what joins them give 1 for true and 0 for false.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Min,
    Max,
    Less,
    LessOrEqual,
    And,
    Or,
}

/// One operation; numbers are places of earlier operations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Instruction {
    /// `u`.
    Variable,
    /// The same for every `u`.
    Constant(f64),
    /// A function of one result.
    Unary(Function, usize),
    /// A function of two results.
    Binary(Binary, usize, usize),
    /// A whole power.
    Power(usize, i32),
    /// Any other power of what is not negative.
    RealPower(usize, f64),
    /// The second where the first is true, else the third.
    Where(usize, usize, usize),
}

impl Instruction {
    /// The results that it takes.
    pub fn operands(&self) -> impl Iterator<Item = usize> {
        let all = match *self {
            Instruction::Variable | Instruction::Constant(_) => [None; 3],
            Instruction::Unary(_, a) | Instruction::Power(a, _) | Instruction::RealPower(a, _) => [Some(a), None, None],
            Instruction::Binary(_, a, b) => [Some(a), Some(b), None],
            Instruction::Where(a, b, c) => [Some(a), Some(b), Some(c)],
        };
        all.into_iter().flatten()
    }

    /// Picoseconds for a value of a tile, to a half or so.
    pub fn cost(&self) -> u64 {
        match *self {
            Instruction::Unary(function, _) => function.cost(),
            Instruction::Power(_, exponent) => 100 * u64::from(exponent.unsigned_abs().ilog2() + 1),
            Instruction::RealPower(..) => 20_000,
            _ => 100,
        }
    }
}
