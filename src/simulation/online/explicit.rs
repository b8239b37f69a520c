//! Online learning with inputs of `N` components: the witness of the exact law.

use super::basis::in_common_basis;
use super::{OnlineTask, Students};
use crate::numerics::sum::dot;
use crate::random::{Address, Normals, Role};

/// Students after these numbers of steps.
pub fn sample(task: &OnlineTask, steps: &[u64], address: &Address) -> Students {
    let mut normals = Normals::new(address.with_role(Role::EXPLICIT_EXAMPLES).stream(0, 0));
    let (phi, eta) = (task.phi, task.step);
    let (k, m, n) = (task.start.units(), task.teacher.units(), task.inputs as usize);
    let start = task.explicit(&task.start);
    let wide_teacher = task.explicit(&task.teacher);
    let mut student: Vec<Vec<f64>> = (0..k).map(|i| start.input_weights(i).to_vec()).collect();
    let teacher: Vec<Vec<f64>> = (0..m).map(|i| wide_teacher.input_weights(i).to_vec()).collect();
    let mut weights: Vec<f64> = (0..k).map(|i| start.output_weight(i)).collect();
    let (mut done, mut found) = (0, Vec::with_capacity(steps.len()));
    for &steps in steps {
        while done < steps {
            let example: Vec<f64> = normals.by_ref().take(n).collect();
            let noise = normals.next().unwrap_or(0.0);
            let fields: Vec<f64> = student.iter().map(|j| dot(j, &example)).collect();
            let values: Vec<f64> = fields.iter().map(|h| phi.value(*h)).collect();
            let target: f64 = teacher
                .iter()
                .enumerate()
                .map(|(i, b)| task.teacher.output_weight(i) * phi.value(dot(b, &example)))
                .sum();
            let error = dot(&weights, &values) - target - task.noise * noise;
            for i in 0..k {
                let slope = error * weights[i] * phi.slope(fields[i]);
                student[i].iter_mut().zip(&example).for_each(|(j, x)| *j -= eta * slope * x);
                weights[i] -= eta * error * values[i];
            }
            done += 1;
        }
        let now = task.start.with_rows(student.clone()).with_output_weights(&weights);
        // the teacher is where it was already
        found.push(in_common_basis(&wide_teacher, &now, task.inputs).2);
    }
    found
}
