//! What the agreement test shortens.

/// What to shorten in long experiments.
pub const SHORTER: &[(&str, &[(&str, &str)])] = &[
    ("activity_width", &[("300, 1000, 3000, 10000, 100000, 1000000", "300, 1000, 3000, 10000")]),
    ("distance_dynamics", &[("sigma_w = [1.3, 2.5, 4.0]", "sigma_w = [2.5]"), ("[1e-12, 1e-8, 1e-4, 0.1]", "[1e-12]")]),
    ("distance_circle", &[("sigma_w = [1.3, 2.5, 4.0]", "sigma_w = [2.5]")]),
    ("distance_pairs", &[("[100, 400, 1600, 6400]", "[400, 1600]")]),
    ("distance_critical", &[("width = 20000", "width = 4000"), ("depth = 1000", "depth = 64")]),
    (
        "distance_phase",
        &[
            ("count = 41", "count = 2"),
            ("count = 41", "count = 2"),
            ("count = 281", "count = 3"),
            ("[5, 20, 80]", "[5, 20]"),
        ],
    ),
    (
        "distance_koenigs",
        &[
            ("count = 141", "count = 2"),
            ("count = 111", "count = 2"),
            ("count = 101", "count = 2"),
            ("layers = [5, 10, 20, 40, 60]", "layers = [5, 20]"),
        ],
    ),
    (
        "paradox_angle",
        &[
            ("count = 211", "count = 2"),
            ("count = 211", "count = 2"),
            ("depth = 200", "depth = 60"),
            ("shown = [5, 20, 40, 100, 200]", "shown = [5, 20]"),
            ("[10, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200]", "[10, 20, 40, 60]"),
            ("depth = 100", "depth = 40"),
            ("shown = [5, 20, 40, 100]", "shown = [5, 20]"),
            ("[10, 20, 30, 40, 50, 60, 70, 80, 90, 100]", "[10, 20, 40]"),
        ],
    ),
    (
        "paradox_dimension",
        &[
            ("count = 241", "count = 2"),
            ("count = 141", "count = 2"),
            ("    { width = 1000000, replicas = 30, angles = [0.2, 0.7, 2.0] },\n", ""),
            ("    { width = 10000000, replicas = 30, angles = [2.0] },\n", ""),
            ("layers = [2, 4, 6, 8]", "layers = [2, 4]"),
        ],
    ),
    ("paradox_pairs", &[("[50, 100, 200, 400, 800, 1600]", "[400, 800]"), ("[4, 8, 16, 32, 64, 96]", "[4, 48]")]),
    (
        "paradox_shatter",
        &[
            ("inputs = [4, 6, 8, 10, 12]", "inputs = [4, 8]"),
            ("widths = [16, 64, 256, 1024]", "widths = [64]"),
            ("96, 128, 256, 512]", "96]"),
        ],
    ),
    ("dropout_map", &[("replicas = 400\n\n[parameters.witness]", "replicas = 200\n\n[parameters.witness]")]),
    ("dropout_depth", &[("count = 121", "count = 5"), ("count = 25", "count = 2"), ("[1.0, 0.99, 0.95,", "[1.0,")]),
    ("metric_growth", &[("replicas = 1500", "replicas = 300")]),
    ("metric_anisotropy", &[("10000, 30000]", "10000]"), ("dimensions = [2, 3, 8]", "dimensions = [2, 3]")]),
    ("metric_activity", &[("sigma_w = [1.3, 2.5, 4.0]", "sigma_w = [2.5]")]),
    ("metric_length", &[("sigma_w = [1.1, 2.5]", "sigma_w = [2.5]")]),
    ("metric_rotation", &[("sigma_w = [1.3, 2.5, 4.0]", "sigma_w = [2.5]")]),
    (
        "curvature_phase",
        &[
            ("count = 41", "count = 2"),
            ("count = 41", "count = 2"),
            ("[5, 15, 45]", "[5, 15]"),
            ("count = 16", "count = 6"),
        ],
    ),
    ("curvature_kink", &[("[0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]", "[0.01, 0.1, 1.0]")]),
    ("curvature_width", &[("[30, 60, 120, 250, 500, 1000, 2000, 4000, 8000]", "[30, 2000, 4000]")]),
    ("poole_curvature", &[("sigma_w = [1.3, 2.5, 4.0]", "sigma_w = [2.5]")]),
    ("backward_layers", &[("width = 1000", "width = 300"), ("replicas = 300", "replicas = 100")]),
    (
        "backward_width",
        &[
            ("[20, 50, 200, 800, 3200]", "[800]"),
            ("replicas = 2000\n", "replicas = 600\n"),
            ("replicas = 20000", "replicas = 2000"),
        ],
    ),
    (
        "fisher_spectrum",
        &[
            ("[20, 50, 100, 200, 500, 1000, 2000, 5000]", "[500, 2000]"),
            ("depths = [2, 3, 5, 8]", "depths = [3, 5]"),
            ("width = [100, 1000]", "width = [100]"),
            ("replicas = 1000", "replicas = 30"),
            ("replicas = 300", "replicas = 30"),
        ],
    ),
    ("fisher_blocks", &[("[10, 20, 50, 100, 200, 400]", "[50, 200]")]),
    ("fisher_natural", &[("[0, 1, 2, 4, 6, 8, 10,", "[0, 1] #")]),
    (
        "singular_basin",
        &[
            ("count = 41", "count = 3"),
            ("count = 25", "count = 2"),
            ("last = 6500.0", "last = 650.0"),
            ("times = 130", "times = 13"),
        ],
    ),
    ("singular_natural", &[("replicas = 600", "replicas = 200")]),
    ("singular_online", &[("steps = [0.02, 0.01, 0.005]", "steps = [0.005]")]),
    ("recurrent_layers", &[("replicas = 400", "replicas = 200"), ("[100, 1000, 10000]", "[100, 1000]")]),
    ("recurrent_transition", &[("replicas = 60", "replicas = 30"), ("[10, 20, 40]", "[10]")]),
    (
        "recurrent_continuous",
        &[
            ("gain = [1.5, 2.0, 4.0]", "gain = [4.0]"),
            ("replicas = 60", "replicas = 30"),
            ("replicas = 40", "replicas = 30"),
            ("count = 81", "count = 3"),
        ],
    ),
    (
        "poole_expressivity",
        &[
            ("layers = [1, 3, 5, 7, 9, 11, 13]", "layers = [1, 3]"),
            ("layers = [1, 7, 13]", "layers = [1, 3]"),
            ("width = 1000\nneurons = 500\nreplicas = 6", "width = 100\nneurons = 50\nreplicas = 2"),
            ("[100, 316, 1000, 3162, 10000]", "[100, 316]"),
        ],
    ),
    ("singular_coefficient", &[("particles = 600", "particles = 300")]),
];
