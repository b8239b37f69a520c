//! What a card holds only when asked for: dropout, the Koenigs scaling function, the tangent kernel.

use super::layers::input;
use super::{Card, CardError, Request, keep};
use crate::TheoryError;
use crate::activity::activity_fixed_point;
use crate::dropout::dropout_fixed_point;
use crate::koenigs::Koenigs;
use crate::ntk::{KernelSums, signal_kernel_sums};
use neurodyn_model::{Ensemble, ParameterError};
use serde::Serialize;

/// Two copies of a network with independent masks; nulls have their reason under `dropout`, that of the depth scale under
/// `dropout.depth_scale_c`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Dropout {
    /// Probability that a neuron is kept.
    pub keep: f64,
    /// Fixed point of the variance of preactivations.
    pub q_star: Option<f64>,
    /// Fixed point of the correlation of the preactivations of the two copies.
    pub correlation_star: Option<f64>,
    /// Where the correlation map takes 1.
    pub map_at_one: Option<f64>,
    /// `xi_c = -1 / ln slope` at the fixed point.
    pub depth_scale_c: Option<f64>,
}

impl Card {
    /// Fills in what was asked for besides the card itself.
    pub(super) fn fill_more(&mut self, ensemble: &Ensemble, request: &Request) -> Result<(), CardError> {
        if let Some(probability) = request.keep {
            let found = keep(&mut self.reasons, "dropout", dropout_fixed_point(ensemble, probability));
            let depth_scale_c = found.and_then(|found| {
                let infinite = TheoryError::OutOfRegime {
                    what: "xi_c",
                    reason: "infinite: the slope of the correlation map is 1, so the approach is algebraic",
                };
                keep(&mut self.reasons, "dropout.depth_scale_c", found.depth_scale().ok_or(infinite))
            });
            self.dropout = Some(Dropout {
                keep: probability.get(),
                q_star: found.map(|found| found.q),
                correlation_star: found.map(|found| found.correlation),
                map_at_one: found.map(|found| found.map_at_one),
                depth_scale_c,
            });
        }
        if let Some(places) = &request.koenigs {
            let values = activity_fixed_point(ensemble)
                .and_then(|point| Koenigs::new(ensemble, &point))
                .and_then(|koenigs| places.iter().map(|&s| koenigs.scaling(s)).collect());
            self.koenigs = Some(keep(&mut self.reasons, "koenigs", values));
        }
        if request.ntk {
            self.ntk = Some(self.kernel(ensemble, request)?);
        }
        Ok(())
    }

    fn kernel(&self, ensemble: &Ensemble, request: &Request) -> Result<KernelSums, CardError> {
        let depth = request.depth.unwrap_or(0);
        if depth == 0 {
            let (name, found, allowed) = ("--depth", depth.to_string(), "at least 1 for a tangent kernel");
            return Err(ParameterError { name: name.into(), found, allowed }.into());
        }
        if request.second.is_none() {
            return Err(CardError::OneInput);
        }
        Ok(signal_kernel_sums(ensemble, input(request, self.input_activity(request)?)?, depth)?)
    }
}
