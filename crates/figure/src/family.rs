//! What quantities mean to colours: one register for all figures.

/// A family of quantities whose values are coloured alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Family {
    /// Something below and above an edge: blue below, red above, darker away from it.
    Edge(f64),
    /// Layers and depths; where a figure shows a few near ones, their ranks have the colours.
    Layer,
    /// Widths; the same.
    Width,
    /// Probabilities to keep a unit.
    Keep,
    /// Any other number.
    Ordered,
}

/// Weight scale where tanh networks become chaotic at the bias scale 0.3 of most experiments.
pub const EDGE_SIGMA_W: f64 = 1.395;

/// Columns with a family of their own.
pub const FAMILIES: [(&str, Family); 6] = [
    ("sigma_w", Family::Edge(EDGE_SIGMA_W)),
    // recurrent networks in continuous time, without a bias
    ("gain", Family::Edge(1.0)),
    ("layer", Family::Layer),
    ("depth", Family::Layer),
    ("width", Family::Width),
    ("keep", Family::Keep),
];

/// Phases, and what a part of a set or an attractor does, as columns name them: the phase whose colour they have.
pub const PHASES: [(&str, Phase); 5] = [
    ("ordered", Phase::Ordered),
    ("critical", Phase::Critical),
    ("chaotic", Phase::Chaotic),
    ("attracts", Phase::Ordered),
    ("repels", Phase::Chaotic),
];

/// Phases of signals in deep networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Distances shrink.
    Ordered,
    /// Distances stay.
    Critical,
    /// Distances grow.
    Chaotic,
}

impl Family {
    /// The family of a column.
    pub fn of(column: &str) -> Self {
        FAMILIES.iter().find(|(name, _)| *name == column).map_or(Self::Ordered, |(_, family)| *family)
    }
}

impl Phase {
    /// The phase of this name.
    pub fn named(name: &str) -> Option<Self> {
        PHASES.iter().find(|(known, _)| *known == name).map(|(_, phase)| *phase)
    }
}
