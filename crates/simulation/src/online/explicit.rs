//! Online learning with inputs of `N` components: the witness of the exact law, and the way of rules without a law in few variables.

use super::basis::in_common_basis;
use super::{OnlineTask, Students};
use neurodyn_model::Perceptron;
use neurodyn_random::{Address, Normals, Role};

/// Students after these numbers of steps `theta <- theta - eta (f(x) - y) a`, `a` made of the student, `grad f(x)` and the number of the step.
pub fn sample<E>(
    task: &OnlineTask,
    steps: &[u64],
    address: &Address,
    mut ascent: impl FnMut(&Perceptron, Vec<f64>, u64) -> Result<Vec<f64>, E>,
) -> Result<Students, E> {
    let mut normals = Normals::new(address.with_role(Role::EXPLICIT_EXAMPLES).stream(0, 0));
    let phi = task.phi;
    let teacher = task.explicit(&task.teacher);
    let mut student = task.explicit(&task.start);
    let (mut done, mut found) = (0, Vec::with_capacity(steps.len()));
    for &steps in steps {
        while done < steps {
            let example: Vec<f64> = normals.by_ref().take(student.inputs()).collect();
            let noise = normals.next().unwrap_or(0.0);
            let error = student.output(phi, &example) - teacher.output(phi, &example) - task.noise * noise;
            let ascent = ascent(&student, student.gradient(phi, &example), done)?;
            student.descend(&ascent, task.step * error);
            done += 1;
        }
        // the teacher is where it was already
        found.push(in_common_basis(&teacher, &student, task.inputs).2);
    }
    Ok(found)
}
