//! Columns that mean the same wherever they stand; in the form of [`Experiment::COLUMNS`](crate::experiment::Experiment::COLUMNS).

/// Names used by more than one experiment.
pub(super) const COLUMNS: &str = "
    sigma_w | parameter | | weight scale: weights are N(0, sigma_w^2 / n)
    sigma_b | parameter | | bias scale: biases are N(0, sigma_b^2)
    activation | label | | activation function phi, by its name in experiment files
    layer | parameter | layers | number l of the layer, 0 for the input
    depth | parameter | layers | number of layers passed
    width | parameter | neurons | number n of neurons in every layer
    replicas | parameter | replicas | number of independent networks (in learning: of runs) behind the Monte Carlo
    phase | label | | ordered, critical or chaotic
    measure | label | | which quantity the row holds
    iterations | solver | iterations | iterations that the solver of the fixed point took (of the distance: evaluations of its map)
    activity | theory | | activity A^l = |x^l|^2 / n of the postactivations
    activity_star | theory | | stable fixed point A* of the activity map
    q_star | theory | | variance q* = sigma_w^2 A* + sigma_b^2 of the preactivations at A*
    chi_1 | theory | | chi_1 = sigma_w^2 E[phi'(u)^2], u ~ N(0, q*): growth of small squared distances in one layer
    chi_2 | theory | | chi_2 = sigma_w^4 E[phi''(u)^2], u ~ N(0, q*)
    distance | theory | | squared distance D^l = |x^l - x'^l|^2 / n of two postactivations
    distance_star | theory | | stable fixed point D-bar of the distance map; 0 in the ordered phase
    correlation | theory | | correlation c^l = 1 - sigma_w^2 D^l / (2 q*) of two preactivations
    correlation_star | theory | | correlation c* = 1 - sigma_w^2 D-bar / (2 q*) at D-bar; 1 in the ordered phase
    hessian_h | theory | | H = E[(T - w* phi(v* x)) phi''(v* x) x^2] of the best single unit; the sign of w* H says which part of the singular region attracts
";
