//! The experiments, family by family: each is one module, one TOML file of the same name, and one line below.

#[macro_use]
mod declare;

use crate::config::{ConfigError, Document};
use crate::experiment::{Catalogue, Entry, Loaded};

/// Modules, registry and families of one list. A family names its experiments, and in brackets what only they share; families are shown in
/// the order of the first line.
macro_rules! catalogue {
    (shown: $($shown:ident)*; $($family:ident $([$($shared:ident)*])? { $($module:ident;)* })*) => {
        $(
            mod $family {
                $($(pub mod $shared;)*)?
                $(pub mod $module;)*
            }
        )*

        /// Every experiment.
        pub const REGISTRY: &[Entry] = &[$($(Entry::of::<$family::$module::Params>(
            stringify!($family),
            stringify!($module),
            $family::$module::columns::ALL,
        ),)*)*];

        /// Families in use.
        pub const FAMILIES: &[&str] = &[$(stringify!($shown),)*];
    };
}

catalogue! {
    shown: activity distance paradox dropout metric curvature backward fisher recurrent singular sampling;

    activity {
        activity_map;
        activity_convergence;
        activity_phase;
        phase_boundary;
        activity_width;
        activity_depth;
    }
    distance {
        distance_map;
        distance_dynamics;
        distance_phase;
        distance_circle;
        distance_pairs;
        distance_critical;
        distance_koenigs;
        data_distances;
        data_regression;
    }
    paradox {
        paradox_angle;
        paradox_dimension;
        paradox_pairs;
        paradox_shatter;
    }
    dropout [copies] {
        dropout_map;
        dropout_depth;
    }
    metric {
        metric_growth;
        metric_anisotropy;
        metric_activity;
        metric_length;
        metric_rotation;
    }
    curvature {
        curvature_growth;
        curvature_tensor;
        curvature_jet;
        curvature_phase;
        curvature_kink;
        curvature_width;
        poole_manifold;
        poole_curvature;
        poole_expressivity;
    }
    singular [learner] {
        singular_cone;
        singular_fisher;
        singular_blow_down;
        singular_portrait;
        singular_slow;
        singular_basin;
        singular_plateau;
        singular_online;
        singular_natural;
        singular_coefficient;
    }
    backward {
        backward_layers;
        backward_width;
        init;
    }
    fisher [blocks] {
        fisher_spectrum;
        fisher_blocks;
        fisher_natural;
    }
    recurrent {
        recurrent_layers;
        recurrent_transition;
        recurrent_continuous;
    }
    sampling {
        sampler_law;
        measured_network;
    }
}

/// All of them.
pub const CATALOGUE: Catalogue = Catalogue { entries: REGISTRY, families: FAMILIES };

/// The experiment of this document, its parameters read and checked.
pub fn find(document: Document) -> Result<Loaded, ConfigError> {
    CATALOGUE.find(document)
}
