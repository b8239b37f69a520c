//! The experiments, family by family: each is one module, one TOML file of the same name, and one line below.

use crate::config::{ConfigError, Document};
use crate::experiment::{Catalogue, Entry};

/// Modules, registry and families of one list. A family names its experiments, and in brackets what only they share; families are shown in
/// the order of the first line.
macro_rules! catalogue {
    (shown: $($shown:ident)*; $($family:ident $([$($shared:ident)*])? { $($module:ident $experiment:ident;)* })*) => {
        $(
            mod $family {
                $($(pub mod $shared;)*)?
                $(pub mod $module;)*
            }
        )*

        /// Every experiment.
        pub const REGISTRY: &[Entry] = &[$($(Entry::of::<$family::$module::$experiment>(
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
        activity_map ActivityMap;
        activity_convergence ActivityConvergence;
        activity_phase ActivityPhase;
        phase_boundary PhaseBoundary;
        activity_width ActivityWidth;
        activity_depth ActivityDepth;
    }
    distance {
        distance_map DistanceMap;
        distance_dynamics DistanceDynamics;
        distance_phase DistancePhase;
        distance_circle DistanceCircle;
        distance_pairs DistancePairs;
        distance_critical DistanceCritical;
        distance_koenigs DistanceKoenigs;
    }
    paradox {
        paradox_angle ParadoxAngle;
        paradox_dimension ParadoxDimension;
        paradox_pairs ParadoxPairs;
        paradox_shatter ParadoxShatter;
    }
    dropout [copies] {
        dropout_map DropoutMap;
        dropout_depth DropoutDepth;
    }
    metric {
        metric_growth MetricGrowth;
        metric_anisotropy MetricAnisotropy;
        metric_activity MetricActivity;
        metric_length MetricLength;
        metric_rotation MetricRotation;
    }
    curvature {
        curvature_growth CurvatureGrowth;
        curvature_tensor CurvatureTensor;
        curvature_jet CurvatureJet;
        curvature_phase CurvaturePhase;
        curvature_kink CurvatureKink;
        curvature_width CurvatureWidth;
        poole_manifold PooleManifold;
        poole_curvature PooleCurvature;
        poole_expressivity PooleExpressivity;
    }
    singular [learner] {
        singular_cone SingularCone;
        singular_fisher SingularFisher;
        singular_blow_down SingularBlowDown;
        singular_portrait SingularPortrait;
        singular_slow SingularSlow;
        singular_basin SingularBasin;
        singular_plateau SingularPlateau;
        singular_online SingularOnline;
        singular_natural SingularNatural;
        singular_coefficient SingularCoefficient;
    }
    backward {
        backward_layers BackwardLayers;
        backward_width BackwardWidth;
    }
    fisher [blocks] {
        fisher_spectrum FisherSpectrum;
        fisher_blocks FisherBlocks;
        fisher_natural FisherNatural;
    }
    recurrent {
        recurrent_layers RecurrentLayers;
        recurrent_transition RecurrentTransition;
        recurrent_continuous RecurrentContinuous;
    }
    sampling {
        sampler_law SamplerLaw;
    }
}

/// All of them.
pub const CATALOGUE: Catalogue = Catalogue { entries: REGISTRY, families: FAMILIES };

/// The experiment that runs this document, its parameters checked.
pub fn find(document: &Document) -> Result<&'static Entry, ConfigError> {
    CATALOGUE.find(document)
}

#[cfg(test)]
mod tests {
    use super::{FAMILIES, REGISTRY};

    #[test]
    fn every_family_is_shown_once() {
        let mut used: Vec<&str> = REGISTRY.iter().map(|entry| entry.family).collect();
        used.dedup();
        used.sort_unstable();
        let mut shown = FAMILIES.to_vec();
        shown.sort_unstable();
        assert_eq!(used, shown);
    }
}
