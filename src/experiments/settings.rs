//! What each figure is of, in the words of a caption: the parameters that it reads, filled in from its experiment file
//! ([`crate::experiment::caption`] says how). An experiment without a line here gets a plain list of its parameters.

/// Figures, by their names in the modules, and their sentences.
pub const SETTINGS: &[(&str, &str)] = &[
    (
        "activity_convergence",
        "phi(u) = {activation}, sigma_b = {sigma_b}; n = {width}, {replicas networks} at each point",
    ),
    (
        "activity_depth",
        "phi(u) = {activation}; sigma_b = {approach.sigma_b} and inputs of activity {approach.initial_activity} in (b); sigma_w = \
         {unequal.sigma_w}, sigma_b = {unequal.sigma_b}, inputs of activity {unequal.initial_activity}, widths {unequal.widths} from layer to \
         layer and {unequal.replicas networks} in (c) and (d)",
    ),
    ("activity_map", "phi(u) = {activation}, sigma_b = {sigma_b}; n = {width}, {replicas networks} at each point"),
    ("activity_phase", "phi(u) = {activation}; inputs of activity {initial_activity} in (c)"),
    (
        "activity_width",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; inputs of activity {initial_activity}; {replicas networks} at each width, {narrow.replicas networks} in (b)",
    ),
    (
        "phase_boundary",
        "sigma_b = {sampled_sigma_b}, n = {width}, relative input distance {relative_distance} and {replicas networks} at each point of (b)",
    ),
    ("distance_map", "phi(u) = {activation}, sigma_b = {sigma_b}; n = {width}, {replicas networks} at each point"),
    (
        "distance_dynamics",
        "phi(u) = {activation}, sigma_b = {sigma_b}; initial distances D^0 = {small.initial_distances}; n = {width}, {replicas networks}",
    ),
    (
        "distance_correlation",
        "phi(u) = {activation}, sigma_b = {sigma_b}; initial correlations c^0 = {large.initial_correlations}; n = {width}, {replicas networks}",
    ),
    ("distance_phase", "phi(u) = {activation}"),
    (
        "correlation_depth",
        "phi(u) = {activation}; in (b) initial correlation {across.initial_correlation}, n = {across.width}, {across.replicas networks} at each \
         point",
    ),
    (
        "distance_circle",
        "phi(u) = {activation}, sigma_b = {sigma_b}; {inputs} inputs on the circle; n = {width}, {replicas networks}",
    ),
    (
        "distance_pairs",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {inputs} inputs on a great circle, {depth} layers; {replicas networks} \
         of each width",
    ),
    (
        "distance_critical",
        "phi(u) = {activation}, sigma_b = {sigma_b}; initial distance {relative_distance} times 2 A*; n = {width}, {replicas networks}",
    ),
    (
        "distance_koenigs",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; n = {width}, {replicas networks} at each angle",
    ),
    ("distance_tail", "phi(u) = {activation}, sigma_b = {sigma_b}"),
    (
        "data_distances",
        "phi(u) = {activation}, sigma_b = {sigma_b}; inputs of {inputs.file}, rows {inputs.rows}, centred by {inputs.centre}, scaled by {inputs.scale}; n = \
         {width}, {replicas networks} of each width",
    ),
    (
        "data_regression",
        "phi(u) = {activation}, sigma_b = {sigma_b}; inputs of {inputs.file}, rows {inputs.rows}, centred by {inputs.centre}, scaled by {inputs.scale}; ridge \
         {ridge} of the mean activity; n = {sampled.width}, {sampled.replicas networks} of each width",
    ),
    (
        "paradox_angle",
        "phi(u) = {activation}, sigma_b = {sigma_b}; sigma_w = {weak.sigma_w} in (a), sigma_w = {strong.sigma_w} in (b); n = {width}, {replicas \
         networks}",
    ),
    (
        "paradox_crossover",
        "phi(u) = {activation}, sigma_b = {sigma_b}; sigma_w = {weak.sigma_w} and {strong.sigma_w}; n = {width}, {replicas networks}",
    ),
    (
        "paradox_dimension",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; in (c) {widths.depth} layers, {widths.samples.replicas} networks of n = \
         {widths.samples.width}",
    ),
    (
        "paradox_boxes",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {boxes.points} points on the circle; n = {boxes.width}, {boxes.replicas \
         networks}",
    ),
    (
        "paradox_pairs",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; layer {depth}; {replicas networks} of each width",
    ),
    (
        "paradox_spread",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; layer {depth}; {replicas networks} of each width",
    ),
    (
        "paradox_shatter",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; n = {margins.wide} and {margins.wide_replicas networks} in (a), \
         {margins.replicas networks} of each width in (b) and (c)",
    ),
    (
        "paradox_spectrum",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; n = {spectrum.width}, {spectrum.replicas networks} in (a); \
         {cover.replicas networks} of each width in (b), all dichotomies of up to {cover.all_up_to} points and {cover.dichotomies} random ones of \
         more",
    ),
    ("dropout_map", "phi(u) = {activation}, sigma_b = {sigma_b}; n = {width}, {replicas networks} at each point"),
    (
        "dropout_tests",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; keep probabilities {keep}; initial correlation {witness.correlation}; n \
         = {witness.width}, {witness.replicas networks} by each way, layers {witness.layers}",
    ),
    (
        "dropout_depth",
        "phi(u) = {activation}, sigma_b = {sigma_b}; in (a) initial correlation {across.initial_correlation}, n = {across.width}, {across.replicas \
         networks} at each point",
    ),
    (
        "dropout_layers",
        "phi(u) = {activation}, sigma_b = {sigma_b}; n = {layers.width}, {layers.replicas networks} for each start and keep probability, {repeated.replicas networks} at sigma_w = {repeated.sigma_w} and c^0 = {repeated.initial_correlation}",
    ),
    ("metric_growth", "phi(u) = {activation}, sigma_b = {sigma_b}; n = {width}, {replicas networks}"),
    (
        "metric_spread",
        "phi(u) = {activation}, sigma_w = {spread.sigma_w}, sigma_b = {sigma_b}; {spread.many networks} of each width",
    ),
    (
        "metric_anisotropy",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {widths.replicas networks} of each width in (a), n = {depth.width} and \
         {depth.replicas networks} in (b) to (d)",
    ),
    (
        "metric_activity",
        "phi(u) = {activation}, sigma_b = {sigma_b}; ellipse of semi-axes {manifold.semi_axes} about ({manifold.centre}) in units of sqrt(n); n = \
         {width}, {inputs} points of the curve in each of {replicas networks}",
    ),
    (
        "metric_conformal",
        "phi(u) = {activation}, sigma_b = {sigma_b}; ellipse of semi-axes {manifold.semi_axes} about ({manifold.centre}) in units of sqrt(n)",
    ),
    (
        "metric_length",
        "phi(u) = {activation}, sigma_b = {sigma_b}; n = {width}, {inputs} points of each curve in {replicas networks}",
    ),
    ("metric_rotation", "phi(u) = {activation}, sigma_b = {sigma_b}; n = {width}, {replicas networks}"),
    (
        "curvature_growth",
        "phi(u) = {activation}, sigma_b = {sigma_b}; sigma_w = {ordered} in the ordered and {chaotic} in the chaotic phase; n = {width}, {replicas \
         networks}",
    ),
    (
        "curvature_tensor",
        "phi(u) = {activation}, sigma_b = {sigma_b}; sigma_w = {ordered} in the ordered and {chaotic} in the chaotic phase; n = {width}, {replicas \
         networks}",
    ),
    (
        "curvature_jet",
        "phi(u) = {activation}, sigma_b = {sigma_b}; sigma_w = {ordered} in the ordered and {chaotic} in the chaotic phase; ellipse of semi-axes \
         {manifold.semi_axes} about ({manifold.centre}) in units of sqrt(n), at the parameter t = {parameter}; n = {width}, {replicas networks}",
    ),
    (
        "curvature_phase",
        "phi(u) = {activation}; layer {layer} in (a) and (b); sigma_b = {across.sigma_b}, n = {across.width} and {across.replicas networks} at \
         each point in (c)",
    ),
    (
        "curvature_kink",
        "phi(u) = {activations}; sigma_w = {sigma_w}, sigma_b = {sigma_b}; circle of activity {activity}; n = {width}, {replicas networks}",
    ),
    (
        "curvature_width",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {replicas networks} of each width",
    ),
    ("poole_manifold", "phi(u) = {activation}, sigma_b = {sigma_b}; {inputs} points on the circle, n = {width}"),
    (
        "poole_spectrum",
        "phi(u) = {activation}, sigma_b = {sigma_b}; {inputs} points on the circle; n = {width}, {replicas networks}",
    ),
    ("poole_curvature", "phi(u) = {activation}, sigma_b = {sigma_b}; n = {width}, {replicas networks}"),
    (
        "poole_expressivity",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; n = {deep.width}, regression on {deep.neurons} neurons at {deep.points} \
         points of the half circle with a ridge of {deep.ridge} in {deep.replicas networks}; {wide.points} points and {wide.replicas networks} of \
         each width in (h)",
    ),
    (
        "poole_regression",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; in (a) {regression.points} points of the half circle, a ridge of \
         {regression.ridge}, {regression.replicas networks} of n = {regression.width} and of twice the width; in (b) {deep.points} points, n = \
         {deep.width}, {deep.neurons} neurons regressed on, a ridge of {deep.ridge}, {deep.replicas networks}",
    ),
    (
        "singular_cone",
        "directions of w in (d): {cone.rays}, length of w {cone.length}; teacher v = {landscape.teacher_v}, w = {landscape.teacher_w} in (a)",
    ),
    ("singular_fisher", "phi(u) = {phi}; v = {v}, w = {w} at all z and separations; z = {approach.z} in (a)"),
    (
        "singular_blow_down",
        "phi(u) = {phi}; teacher of input weights {teacher.input_weights} and output weights {teacher.output_weights}; u along ({direction}); z = \
         {rates.z} in (c)",
    ),
    (
        "singular_portrait",
        "phi(u) = {phi}; teachers of input weights {cases.teacher.input_weights} and output weights {cases.teacher.output_weights}; followed up to \
         a time of {cases.last}",
    ),
    (
        "singular_slow",
        "phi(u) = {phi}; two teacher units of output weight 1 whose input weights have the mean {centre} and differ by {spreads}; in (a) by \
         {trajectories.spread}, students at |u| = {trajectories.separation}, z = {trajectories.drawn} at the start; in (b) and (c) |u| = \
         {drift.separations} times the spread at the start",
    ),
    (
        "singular_basin",
        "phi(u) = {phi}; teacher of input weights {teacher.input_weights} and output weights {teacher.output_weights}; online: z = {online.z} at \
         the start, label noise of standard deviation {online.noise}, step sizes {online.steps}, {online.replicas runs} at each",
    ),
    (
        "singular_plateau",
        "phi(u) = {phi}; z = {z}, |u| = {separations} at the start; teachers of input weights {cases.teacher.input_weights} and output weights \
         {cases.teacher.output_weights}; online learning from |u| = {online.separation} with step size {online.step} and label noise \
         {online.noise}, {online.replicas runs}",
    ),
    (
        "singular_plateau_length",
        "phi(u) = {phi}; z = {z} at the start; in (b) two teacher units about {length.centre}, |u| = {length.relative} times their difference at \
         the start",
    ),
    (
        "singular_online",
        "phi(u) = {phi}; {inputs} inputs; student of input weights {student.input_weights} and output weights {student.output_weights} at the \
         start; teacher of input weights {teacher.input_weights} and output weights {teacher.output_weights}; label noise of standard deviation \
         {noise}; step sizes {steps}, {replicas runs} at each",
    ),
    (
        "singular_natural",
        "phi(u) = {phi}; student of input weights {student.input_weights} and output weights {student.output_weights} at the start; teacher of \
         input weights {teacher.input_weights} and output weights {teacher.output_weights}; label noise of standard deviation {noise}; step sizes \
         {exact_steps} (exact) and {adaptive_steps} (adaptive), {replicas runs} at each",
    ),
    (
        "singular_coefficient",
        "phi(u) = erf(u / √2); {replicas runs} of sequential Monte Carlo with {particles} particles each",
    ),
    (
        "measured_network",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {depth} layers, n = {width}; {inputs} inputs of activity {initial_activity}, {drawn networks} drawn for the bands; {training.steps} steps of gradient descent at rate {training.rate} on {training.examples} examples; {replicas networks} in (d)",
    ),
    (
        "init",
        "phi(u) = {activation}; {depth} layers, n = {width}, {replicas networks} at each initialisation; sigma_w = {sigma_w} and sigma_b = \
         {sigma_b} in (a)",
    ),
    (
        "backward_layers",
        "phi(u) = {activation}, sigma_b = {sigma_b}; sigma_w = {ordered} in the ordered and {chaotic} in the chaotic phase; {depth} layers; n = \
         {width}, {replicas networks}",
    ),
    (
        "backward_gradient",
        "phi(u) = {activation}, sigma_b = {sigma_b}; sigma_w = {ordered} in the ordered and {chaotic} in the chaotic phase; {depth} layers; n = \
         {width}, {replicas networks} in (a); initial correlation {pair.correlation}, n = {pair.width}, {pair.replicas networks} in (b)",
    ),
    (
        "backward_width",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {depth} layers; {replicas networks} of each width",
    ),
    (
        "backward_independence",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {depth} layers; {replicas networks} of each width in (a) and (b)",
    ),
    (
        "fisher_spectrum",
        "{inputs} inputs of activity {input_activity} and overlap {input_overlap}; {depth} layers of weights; sigma_w = {ensembles.sigma_w}, \
         sigma_b = {ensembles.sigma_b} for phi(u) = {ensembles.activation}; {widths.replicas networks} of each width",
    ),
    (
        "fisher_depth",
        "{inputs} inputs of activity {input_activity} and overlap {input_overlap}; sigma_w = {ensembles.sigma_w}, sigma_b = {ensembles.sigma_b} \
         for phi(u) = {ensembles.activation}; {extrapolated.replicas networks} of n = {extrapolated.width} and of twice the width",
    ),
    (
        "fisher_histogram",
        "inputs of activity {input_activity} and overlap {input_overlap}; {depth} layers of weights; in (a) {histogram.inputs} inputs, \
         {histogram.replicas networks} of each width; in (b) and (c) {descent.inputs} inputs, n = {descent.width} and twice that, \
         {descent.replicas networks}, {descent.steps} steps",
    ),
    (
        "fisher_blocks",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {inputs} inputs of activity {input_activity} and overlap \
         {input_overlap}, {replicas networks} of each width in (a) and (b); {unit.size} weights, {unit.inputs} inputs and {unit.replicas} units of \
         each length in (c)",
    ),
    (
        "fisher_elements",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {inputs} inputs of activity {input_activity} and overlap \
         {input_overlap}; {replicas networks} of each width",
    ),
    (
        "fisher_portrait",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {portrait.width} inputs and neurons a layer, {portrait.inputs} standard \
         normal examples",
    ),
    (
        "fisher_natural",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b} at the start; hidden layers of {hidden} units; learning rates \
         {rates.gradient} (gradient), {rates.unit_wise} (unit-wise) and {rates.natural} (natural); damping {damping}; {replicas} random starts",
    ),
    (
        "fisher_inverse",
        "phi(u) = {activation}, sigma_b = {sigma_b}; {unit.size} weights; {unit.inputs} inputs and twice as many, {unit.replicas} units of each \
         length",
    ),
    (
        "recurrent_layers",
        "phi(u) = {activation}, sigma_b = {sigma_b}; starts of activity {initial_activity} and correlation {initial_correlation}; \
         {extrapolated.replicas networks} of n = {extrapolated.width} and of twice the width",
    ),
    (
        "recurrent_deviation",
        "phi(u) = {activation}, sigma_b = {sigma_b}; starts of activity {initial_activity} and correlation {initial_correlation}; {widths.replicas \
         networks} of each width",
    ),
    (
        "recurrent_transition",
        "phi(u) = {activation}, sigma_b = 0; starts of activity {initial_activity}; {late.steps} steps and {late.replicas networks} of each width \
         in (a); steps {growth.from} to {growth.to}, {growth.replicas networks} of n = {growth.width} and of twice the width in (b)",
    ),
    (
        "recurrent_attractors",
        "phi(u) = {activation}, sigma_b = 0; {attractors.networks networks} of each size and scale, {attractors.starts} random starts in each of \
         mean activity {initial_activity}; {attractors.settle} steps before an orbit is looked at, periods up to {attractors.longest_period}, \
         chaotic above a Lyapunov exponent of {attractors.chaotic_above}",
    ),
    (
        "recurrent_continuous",
        "phi(u) = {activation}; {networks.replicas} networks of n = {networks.width}, {motion.trajectories} trajectories in each, {motion.watched} \
         samples of each at times {motion.interval} apart, after {motion.transient} that are left out; g = {course.gain}, n = {course.width} in \
         (a)",
    ),
    (
        "recurrent_continuous_sizes",
        "phi(u) = {activation}; {networks.replicas} networks of n = {networks.width}, {motion.trajectories} trajectories in each",
    ),
    (
        "sampler_law",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; inputs of activity {activity} and correlation {correlation}",
    ),
    (
        "sampler_tests",
        "phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; inputs of activity {activity} and correlation {correlation}; \
         {cases.replicas} networks by each way of n = {cases.width}, {depth} layers",
    ),
];
