//! Order parameters of student and teacher in online learning: values, and to first order in the step size mean and variance.

use super::OnlineMoments;
use neurodyn_model::Perceptron;
use neurodyn_numerics::sum::dot;

/// An order parameter of a student and a teacher.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderParameter {
    /// `w_i`.
    Output(usize),
    /// `J_i . J_j`.
    Student(usize, usize),
    /// `J_i . B_k`.
    Teacher(usize, usize),
}

impl OrderParameter {
    /// Its value for a student and a teacher.
    pub fn of(self, student: &Perceptron, teacher: &Perceptron) -> f64 {
        match self {
            OrderParameter::Output(i) => student.output_weight(i),
            OrderParameter::Student(i, j) => student.overlap(i, student, j),
            OrderParameter::Teacher(i, k) => student.overlap(i, teacher, k),
        }
    }

    /// Value on the averaged flow, and `eta`-coefficients of the correction of the mean and of the variance (delta method).
    pub fn expected(self, moments: &OnlineMoments, teacher: &Perceptron) -> (f64, f64, f64) {
        let OnlineMoments { student, bias, covariance } = moments;
        let (m, n) = (student.units(), student.inputs());
        let mut slope = vec![0.0; bias.len()];
        let (value, bend) = match self {
            OrderParameter::Output(i) => {
                slope[i] = 1.0;
                (self.of(student, teacher), 0.0)
            }
            OrderParameter::Student(i, j) => {
                for c in 0..n {
                    slope[m + i * n + c] += student.input_weights(j)[c];
                    slope[m + j * n + c] += student.input_weights(i)[c];
                }
                let trace = (0..n).map(|c| covariance[m + i * n + c][m + j * n + c]).sum();
                (self.of(student, teacher), trace)
            }
            OrderParameter::Teacher(i, k) => {
                slope[m + i * n..m + (i + 1) * n].copy_from_slice(teacher.input_weights(k));
                (self.of(student, teacher), 0.0)
            }
        };
        let variance = slope.iter().zip(covariance).map(|(s, row)| s * dot(&slope, row)).sum();
        (value, dot(&slope, bias) + bend, variance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Moments of parameters that are known: what is linear has the moments of its parameter, a square gains the variance.
    #[test]
    fn linear_and_square_order_parameters_have_their_moments() {
        let network = |w: f64, j: f64| Perceptron::new(vec![vec![j]], vec![w]).expect("a network");
        let (student, teacher) = (network(0.5, 2.0), network(1.0, 3.0));
        let covariance = vec![vec![0.25, 0.0], vec![0.0, 0.04]];
        let moments = OnlineMoments { student, bias: vec![0.1, -0.2], covariance };
        assert_eq!(OrderParameter::Output(0).expected(&moments, &teacher), (0.5, 0.1, 0.25));
        let (value, bias, variance) = OrderParameter::Teacher(0, 0).expected(&moments, &teacher);
        assert!((value - 6.0).abs() + (bias + 0.6).abs() + (variance - 0.36).abs() < 1e-14);
        let (value, bias, variance) = OrderParameter::Student(0, 0).expected(&moments, &teacher);
        assert!((value - 4.0).abs() + (bias - (-0.8 + 0.04)).abs() + (variance - 0.64).abs() < 1e-14);
    }
}
