//! What experiments share and what nearly all of them use. A name of their own comes before one of these.

pub(crate) use super::cells::{Compared, Corrected, Expected, Judged, Measured, Shown};
pub(crate) use super::columns::columns;
pub(crate) use super::drawing::{
    activations, fine_curve, map_of_scales, order_parameters, over_layers, over_scales, uniformity,
};
pub(crate) use super::geometry::*;
pub(crate) use super::parameters::{
    BiasGrid, BiasScale, BiasScales, ChaoticWeight, Correlation, CorrelationGrid, Count, Depth, Few, HalfCircle,
    InputCount, Keeps, Layers, LayersOfNetwork, List, NetworkCount, NonNegative, NonNegativeGrid, Number, NumberGrid,
    Numbers, Plain, PointCounts, Positive, PositiveGrid, Teacher, WeightGrid, WeightScale, WeightScales, WidthReplicas,
    Within, parameters,
};
pub(crate) use super::rows::{Rows, row, rows, table, tables};
pub(crate) use super::sampling::*;
pub(crate) use super::{Experiment, Found, Observed, Points, Run, RunError, Tables};
pub(crate) use crate::config::checked::{Angle, Beta, Coordinate, Distance, Limits, Separation, Step, Time};
pub(crate) use crate::figure::{
    Anchor, Axis, By, Colour, ColourMap, Contour, Dash, Figure, Heatmap, Legend, Panel, Place, Residual, Rule, Select,
    Series,
};
pub(crate) use crate::model::{
    Activation, Column, Ensemble, Inputs, JetGram, Keep, Manifold, ManifoldKind, Measure, Network, ParameterError,
    Perceptron, Replicas, Sigmoid, SingularCoordinates, SymmetricMatrix, WeightStd, Width,
};
pub(crate) use crate::numerics::elementary::{cos, exp, ln, log10, sin_cos};
pub(crate) use crate::numerics::empirical::{kolmogorov_band, ranked};
pub(crate) use crate::numerics::spacing::{decades, even, extent, finer, geometric};
pub(crate) use crate::numerics::statistics::KolmogorovSmirnov;
pub(crate) use crate::random::Address;
pub(crate) use crate::simulation::cost::{OneNetwork, Work};
pub(crate) use crate::simulation::{Estimate, Jets, Moments, Networks, SamplerKind, SimulationError};
pub(crate) use crate::table::Table;
pub(crate) use crate::theory::activity::{activity_fixed_point, chi_1};
pub(crate) use crate::theory::curvature::{CurvatureLimit, Susceptibilities, curve_trajectory};
pub(crate) use crate::theory::distance::{PairState, Phase, distance_fixed_point, pair_fixed_point, pair_trajectory};
pub(crate) use crate::theory::finite_width::pair_corrections;
pub(crate) use crate::theory::phase::{PhasePoint, three_phases};
pub(crate) use std::f64::consts::{LOG10_E, PI, TAU};
