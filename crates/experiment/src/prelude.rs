//! What experiments share and what nearly all of them use. A name of their own comes before one of these.

pub use crate::cells::{Compared, Corrected, Expected, Judged, Measured, Shown};
pub use crate::drawing::{
    activations, fine_curve, map_of_scales, order_parameters, over_layers, over_scales, uniformity,
};
pub use crate::geometry::*;
pub use crate::parameters::{
    BiasGrid, BiasScale, BiasScales, ChaoticWeight, Correlation, CorrelationGrid, Count, Depth, Few, HalfCircle,
    InputCount, Keeps, Layers, LayersOfNetwork, List, NetworkCount, NonNegative, NonNegativeGrid, Number, NumberGrid,
    Numbers, Plain, PointCounts, Positive, PositiveGrid, Sections, Teacher, WeightGrid, WeightScale, WeightScales,
    WidthReplicas, Within,
};
pub use crate::rows::{Rows, row, rows, table, tables};
pub use crate::sampling::*;
pub use crate::{Experiment, Found, Observed, Points, Run, RunError, Tables};
pub use neurodyn_config::checked::{Angle, Beta, Coordinate, Distance, Limits, Separation, Step, Time};
pub use neurodyn_figure::{
    Anchor, Axis, By, Colour, ColourMap, Contour, Dash, Figure, Heatmap, Legend, Panel, Place, Residual, Rule, Select,
    Series,
};
pub use neurodyn_model::{
    Activation, Column, Ensemble, Inputs, JetGram, Keep, Manifold, ManifoldKind, Measure, Network, ParameterError,
    Perceptron, Replicas, Sigmoid, SingularCoordinates, SymmetricMatrix, WeightStd, Width,
};
pub use neurodyn_numerics::elementary::{cos, exp, ln, log10, sin_cos};
pub use neurodyn_numerics::empirical::{kolmogorov_band, ranked};
pub use neurodyn_numerics::spacing::{decades, even, extent, finer, geometric};
pub use neurodyn_numerics::statistics::KolmogorovSmirnov;
pub use neurodyn_random::Address;
pub use neurodyn_simulation::cost::{OneNetwork, Work};
pub use neurodyn_simulation::{Estimate, Jets, Moments, Networks, SamplerKind, SimulationError};
pub use neurodyn_table::Table;
pub use neurodyn_theory::activity::{activity_fixed_point, chi_1};
pub use neurodyn_theory::curvature::{CurvatureLimit, Susceptibilities, curve_trajectory};
pub use neurodyn_theory::distance::{PairState, Phase, distance_fixed_point, pair_fixed_point, pair_trajectory};
pub use neurodyn_theory::finite_width::pair_corrections;
pub use neurodyn_theory::phase::{PhasePoint, three_phases};
pub use std::f64::consts::{LOG10_E, PI, TAU};
