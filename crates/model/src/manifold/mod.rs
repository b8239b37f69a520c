//! Input manifolds: curves and surfaces given by points, tangents and second derivatives, all exact.
//!
//! Vectors are written in an orthonormal basis times `sqrt(n)`, so a plain dot product is `x . y / n` whatever the width.
//! All but the sphere patch are sums of a constant, linear terms and waves,
//! `x(t) = c + sum_a l_a t_a + sum_k (p_k cos(k . t) + r_k sin(k . t))`.

use super::ParameterError;
use neurodyn_numerics::elementary::{exp, sin_cos};
use neurodyn_numerics::sum::add_scaled;
use neurodyn_random::{Address, Role, fill_normals};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The manifolds, as experiment files give them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ManifoldKind {
    /// `sqrt(A) (cos t, sin t)`: constant activity `A`, metric `A`.
    GreatCircle {
        /// Activity `A`.
        #[schemars(extend("exclusiveMinimum" = 0))]
        activity: f64,
    },
    /// `centre + (a cos t, b sin t, 0)`: the activity varies along the curve unless it is a circle around 0.
    Ellipse {
        /// Semi-axes `(a, b)`.
        #[schemars(extend("items" = { "type": "number", "exclusiveMinimum": 0 }))]
        semi_axes: [f64; 2],
        /// Centre.
        centre: [f64; 3],
    },
    /// `sum_k sqrt(A_k) (cos k t, sin k t)`, `k` = 1, 2, ..., each in its own plane: constant activity `sum A_k`.
    Torus {
        /// Activities `A_k`, not all of them 0.
        #[schemars(length(min = 1, max = MOST_HARMONICS), inner(range(min = 0)))]
        activities: Vec<f64>,
    },
    /// `(a cos t, a sin t, b t)`.
    Helix {
        /// Radius `a`.
        #[schemars(extend("exclusiveMinimum" = 0))]
        radius: f64,
        /// Rise `b`.
        rise: f64,
    },
    /// `from + t (to - from)`, `t` from 0 to 1.
    Segment {
        /// Start.
        from: [f64; 3],
        /// End.
        to: [f64; 3],
    },
    /// A random closed curve or surface with period `2 pi` in each of `dimension` parameters: each of `components`
    /// components is an independent stationary Gaussian process of mean 0, variance `activity` and spectrum
    /// proportional to `exp(-|k|^2 length_scale^2 / 2)` over whole wave vectors `k` up to `harmonics` in each direction
    /// (half of them, `k = 0` included).
    GaussianProcess {
        /// Number of parameters, 1 or 2.
        #[schemars(range(min = 1, max = 2))]
        dimension: usize,
        /// Variance of a component: the expected activity.
        #[schemars(extend("exclusiveMinimum" = 0))]
        activity: f64,
        /// Correlation length in units of the parameter.
        #[schemars(extend("exclusiveMinimum" = 0))]
        length_scale: f64,
        /// Highest wave number in each direction, at most 30 on a surface.
        #[schemars(range(min = 1, max = 100))]
        harmonics: usize,
        /// Number of components.
        #[schemars(range(min = 1, max = 1000))]
        components: usize,
        /// Seed of the draw.
        seed: u64,
    },
    /// The sphere of `dimension` dimensions and squared radius `n A` in stereographic coordinates that are orthonormal, up to
    /// `sqrt(A)`, and geodesic to second order at `t = 0`: `sqrt(A) (1 - s, t) / (1 + s)`, `s = |t|^2 / 4`.
    SpherePatch {
        /// Dimension `d`.
        #[schemars(range(min = 1, max = 32))]
        dimension: usize,
        /// Activity `A`.
        #[schemars(extend("exclusiveMinimum" = 0))]
        activity: f64,
    },
}

/// A smooth map from `d` parameters to inputs.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(try_from = "ManifoldKind")]
#[schemars(with = "ManifoldKind")]
pub struct Manifold {
    kind: ManifoldKind,
    dimension: usize,
    body: Body,
}

#[derive(Debug, Clone, PartialEq)]
enum Body {
    Waves { constant: Vec<f64>, linear: Vec<Vec<f64>>, waves: Vec<Wave> },
    Sphere { radius: f64 },
}

#[derive(Debug, Clone, PartialEq)]
struct Wave {
    /// Wave vector.
    k: Vec<f64>,
    cos: Vec<f64>,
    sin: Vec<f64>,
}

/// A point of a manifold with its derivatives there.
#[derive(Debug, Clone, PartialEq)]
pub struct Jet {
    /// `x`.
    pub point: Vec<f64>,
    /// `e_a = d_a x`.
    pub tangents: Vec<Vec<f64>>,
    /// `H_ab = d_a d_b x` for `a <= b`, in the order (1, 1), (1, 2), ..., (2, 2), ...
    pub seconds: Vec<Vec<f64>>,
}

/// Longest list of harmonics.
const MOST_HARMONICS: usize = 1000;

/// Index pairs `(a, b)`, `a <= b < dimension`, in the order of [`Jet::seconds`].
pub fn index_pairs(dimension: usize) -> Vec<(usize, usize)> {
    (0..dimension).flat_map(|a| (a..dimension).map(move |b| (a, b))).collect()
}

impl TryFrom<ManifoldKind> for Manifold {
    type Error = ParameterError;

    fn try_from(kind: ManifoldKind) -> Result<Self, ParameterError> {
        let positive = |name, value: f64| {
            let allowed = "a finite number above 0";
            if value.is_finite() && value > 0.0 { Ok(value) } else { Err(refused(name, value, allowed)) }
        };
        let finite = |name, values: &[f64]| match values.iter().find(|value| !value.is_finite()) {
            Some(value) => Err(refused(name, value, "finite numbers")),
            None => Ok(()),
        };
        let (dimension, body) = match &kind {
            ManifoldKind::GreatCircle { activity } => (1, torus(&[positive("activity", *activity)?])),
            ManifoldKind::Torus { activities } => {
                if activities.len() > MOST_HARMONICS {
                    return Err(refused("activities", activities.len(), "a list of at most 1000 numbers"));
                }
                for activity in activities {
                    if !(activity.is_finite() && *activity >= 0.0) {
                        return Err(refused("activities", activity, "finite numbers, 0 or more"));
                    }
                }
                if !activities.iter().any(|activity| *activity > 0.0) {
                    return Err(refused("activities", "no number above 0", "a list with a number above 0"));
                }
                (1, torus(activities))
            }
            ManifoldKind::Ellipse { semi_axes: [a, b], centre } => {
                positive("semi_axes", *a)?;
                positive("semi_axes", *b)?;
                finite("centre", centre)?;
                let wave = Wave { k: vec![1.0], cos: vec![*a, 0.0, 0.0], sin: vec![0.0, *b, 0.0] };
                (1, Body::Waves { constant: centre.to_vec(), linear: vec![vec![0.0; 3]], waves: vec![wave] })
            }
            ManifoldKind::Helix { radius, rise } => {
                positive("radius", *radius)?;
                finite("rise", &[*rise])?;
                let wave = Wave { k: vec![1.0], cos: vec![*radius, 0.0, 0.0], sin: vec![0.0, *radius, 0.0] };
                (1, Body::Waves { constant: vec![0.0; 3], linear: vec![vec![0.0, 0.0, *rise]], waves: vec![wave] })
            }
            ManifoldKind::Segment { from, to } => {
                finite("from", from)?;
                finite("to", to)?;
                if from == to {
                    return Err(refused("to", "equal to from", "another point"));
                }
                let direction = from.iter().zip(to).map(|(from, to)| to - from).collect();
                (1, Body::Waves { constant: from.to_vec(), linear: vec![direction], waves: Vec::new() })
            }
            ManifoldKind::GaussianProcess { dimension, activity, length_scale, harmonics, components, seed } => {
                positive("activity", *activity)?;
                positive("length_scale", *length_scale)?;
                if *dimension == 2 && *harmonics > 30 {
                    return Err(refused("harmonics", harmonics, "at most 30 in each direction of a surface"));
                }
                for (name, value, range) in [
                    ("dimension", *dimension, 1..=2),
                    ("harmonics", *harmonics, 1..=100),
                    ("components", *components, 1..=1000),
                ] {
                    if !range.contains(&value) {
                        let allowed = "dimension 1 or 2, 1 to 100 harmonics and 1 to 1000 components";
                        return Err(refused(name, value, allowed));
                    }
                }
                let waves = gaussian_waves(*dimension, *activity, *length_scale, *harmonics, *components, *seed);
                let zero = vec![0.0; *components];
                (*dimension, Body::Waves { constant: zero.clone(), linear: vec![zero; *dimension], waves })
            }
            ManifoldKind::SpherePatch { dimension, activity } => {
                if !(1..=32).contains(dimension) {
                    return Err(refused("dimension", dimension, "a whole number from 1 to 32"));
                }
                (*dimension, Body::Sphere { radius: positive("activity", *activity)?.sqrt() })
            }
        };
        Ok(Self { kind, dimension, body })
    }
}

fn refused(name: &'static str, found: impl std::fmt::Display, allowed: &'static str) -> ParameterError {
    ParameterError { name: name.into(), found: found.to_string(), allowed }
}

fn torus(activities: &[f64]) -> Body {
    let m = 2 * activities.len();
    let unit = |i: usize, length: f64| (0..m).map(|j| if i == j { length } else { 0.0 }).collect::<Vec<_>>();
    let waves = activities.iter().enumerate().map(|(k, activity)| {
        let radius = activity.sqrt();
        Wave { k: vec![(k + 1) as f64], cos: unit(2 * k, radius), sin: unit(2 * k + 1, radius) }
    });
    Body::Waves { constant: vec![0.0; m], linear: vec![vec![0.0; m]], waves: waves.collect() }
}

fn gaussian_waves(dimension: usize, activity: f64, scale: f64, harmonics: usize, m: usize, seed: u64) -> Vec<Wave> {
    let h = harmonics as i64;
    let vectors: Vec<Vec<f64>> = if dimension == 1 {
        (0..=h).map(|k| vec![k as f64]).collect()
    } else {
        // one of each pair k, -k
        let half = (0..=h).flat_map(|k| (-h..=h).map(move |j| (k, j))).filter(|(k, j)| *k > 0 || *j >= 0);
        half.map(|(k, j)| vec![k as f64, j as f64]).collect()
    };
    let power = |k: &[f64]| exp(-0.5 * scale * scale * k.iter().map(|k| k * k).sum::<f64>());
    let total: f64 = vectors.iter().map(|k| power(k)).sum();
    let address = Address { seed, role: Role::MANIFOLD, point: 0, replica: 0 };
    let waves = vectors.into_iter().enumerate().map(|(index, k)| {
        let amplitude = (activity * power(&k) / total / m as f64).sqrt();
        let mut normals = vec![0.0; 2 * m];
        fill_normals(&mut address.stream(0, index as u32), &mut normals);
        normals.iter_mut().for_each(|normal| *normal *= amplitude);
        let sin = normals.split_off(m);
        Wave { k, cos: normals, sin }
    });
    waves.collect()
}

impl Manifold {
    /// The great circle of this activity.
    pub fn great_circle(activity: f64) -> Result<Self, ParameterError> {
        Self::new(ManifoldKind::GreatCircle { activity })
    }

    /// The manifold of this kind, its parameters checked.
    pub fn new(kind: ManifoldKind) -> Result<Self, ParameterError> {
        Self::try_from(kind)
    }

    /// What it was made of.
    pub fn kind(&self) -> &ManifoldKind {
        &self.kind
    }

    /// Number of parameters `d`.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Length of the interval of each parameter: `2 pi` for closed manifolds and a turn of the helix, 1 for a segment;
    /// none for a patch.
    pub fn period(&self) -> Option<f64> {
        match self.kind {
            ManifoldKind::SpherePatch { .. } => None,
            ManifoldKind::Segment { .. } => Some(1.0),
            _ => Some(std::f64::consts::TAU),
        }
    }

    /// Point and derivatives at these parameters (`d` of them).
    pub fn jet(&self, t: &[f64]) -> Jet {
        debug_assert_eq!(t.len(), self.dimension);
        match &self.body {
            Body::Waves { constant, linear, waves } => wave_jet(t, constant, linear, waves),
            Body::Sphere { radius } => sphere_jet(t, *radius),
        }
    }
}

fn wave_jet(t: &[f64], constant: &[f64], linear: &[Vec<f64>], waves: &[Wave]) -> Jet {
    let pairs = index_pairs(t.len());
    let mut jet = Jet {
        point: constant.to_vec(),
        tangents: linear.to_vec(),
        seconds: vec![vec![0.0; constant.len()]; pairs.len()],
    };
    for (linear, t) in linear.iter().zip(t) {
        add_scaled(&mut jet.point, *t, linear);
    }
    for wave in waves {
        let phase: f64 = wave.k.iter().zip(t).map(|(k, t)| k * t).sum();
        let (sin, cos) = sin_cos(phase);
        for i in 0..constant.len() {
            let value = wave.cos[i] * cos + wave.sin[i] * sin;
            let slope = wave.sin[i] * cos - wave.cos[i] * sin;
            jet.point[i] += value;
            for (tangent, k) in jet.tangents.iter_mut().zip(&wave.k) {
                tangent[i] += k * slope;
            }
            for (second, &(a, b)) in jet.seconds.iter_mut().zip(&pairs) {
                second[i] -= wave.k[a] * wave.k[b] * value;
            }
        }
    }
    jet
}

/// With `s = |t|^2 / 4` and `r = 1 / (1 + s)`: `x_0 = R (2 r - 1)`, `x_i = R r t_i`, `d_a r = -r^2 t_a / 2`.
fn sphere_jet(t: &[f64], radius: f64) -> Jet {
    let d = t.len();
    let r = 1.0 / (1.0 + 0.25 * t.iter().map(|t| t * t).sum::<f64>());
    let delta = |a: usize, b: usize| f64::from(u8::from(a == b));
    let slope = |a: usize| -0.5 * r * r * t[a];
    let bend = |a: usize, b: usize| 0.5 * r * r * (r * t[a] * t[b] - delta(a, b));
    let vector = |first: f64, rest: &dyn Fn(usize) -> f64| {
        std::iter::once(first).chain((0..d).map(rest)).map(|x| radius * x).collect::<Vec<_>>()
    };
    let seconds = index_pairs(d).into_iter().map(|(a, b)| {
        vector(2.0 * bend(a, b), &|i| bend(a, b) * t[i] + slope(a) * delta(b, i) + slope(b) * delta(a, i))
    });
    Jet {
        point: vector(2.0 * r - 1.0, &|i| r * t[i]),
        tangents: (0..d).map(|a| vector(2.0 * slope(a), &|i| slope(a) * t[i] + r * delta(a, i))).collect(),
        seconds: seconds.collect(),
    }
}

#[cfg(test)]
mod tests;
