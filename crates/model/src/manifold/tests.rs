use super::*;

fn all() -> Vec<Manifold> {
    let kinds = [
        ManifoldKind::GreatCircle { activity: 0.7 },
        ManifoldKind::Ellipse { semi_axes: [1.0, 0.5], centre: [0.3, -0.2, 0.4] },
        ManifoldKind::Torus { activities: vec![0.5, 0.0, 0.2] },
        ManifoldKind::Helix { radius: 0.8, rise: 0.1 },
        ManifoldKind::Segment { from: [1.0, 0.0, 0.2], to: [-0.5, 1.0, 0.0] },
        ManifoldKind::GaussianProcess {
            dimension: 1,
            activity: 0.6,
            length_scale: 0.8,
            harmonics: 6,
            components: 20,
            seed: 1,
        },
        ManifoldKind::GaussianProcess {
            dimension: 2,
            activity: 0.6,
            length_scale: 0.9,
            harmonics: 4,
            components: 30,
            seed: 2,
        },
        ManifoldKind::SpherePatch { dimension: 1, activity: 0.9 },
        ManifoldKind::SpherePatch { dimension: 3, activity: 0.9 },
    ];
    kinds.into_iter().map(|kind| Manifold::new(kind).expect("valid")).collect()
}

#[test]
fn derivatives_are_difference_quotients() {
    for manifold in all() {
        let d = manifold.dimension();
        let t: Vec<f64> = (0..d).map(|a| 0.4 - 0.3 * a as f64).collect();
        let jet = manifold.jet(&t);
        let h = 1e-3;
        let shifted = |a: usize, steps: f64| {
            let mut t = t.clone();
            t[a] += steps * h;
            manifold.jet(&t)
        };
        let slope = |a: usize, of: &dyn Fn(&Jet) -> f64| {
            let at = |steps: f64| of(&shifted(a, steps));
            (8.0 * (at(1.0) - at(-1.0)) - (at(2.0) - at(-2.0))) / (12.0 * h)
        };
        for i in 0..jet.point.len() {
            for a in 0..d {
                assert!((slope(a, &|jet| jet.point[i]) - jet.tangents[a][i]).abs() < 1e-8, "{:?}", manifold.kind());
            }
            for (index, (a, b)) in index_pairs(d).into_iter().enumerate() {
                let found = slope(b, &|jet| jet.tangents[a][i]);
                assert!((found - jet.seconds[index][i]).abs() < 1e-8, "{:?} {a}{b}", manifold.kind());
            }
        }
    }
}

#[test]
fn spheres_are_spheres() {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let sphere = Manifold::new(ManifoldKind::SpherePatch { dimension: 3, activity: 0.9 }).expect("valid");
    for t in [[0.0; 3], [0.3, -1.0, 0.6]] {
        let jet = sphere.jet(&t);
        assert!((dot(&jet.point, &jet.point) - 0.9).abs() < 1e-15);
        assert!(jet.tangents.iter().all(|e| dot(e, &jet.point).abs() < 1e-15));
    }
    let circle = Manifold::new(ManifoldKind::GreatCircle { activity: 0.7 }).expect("valid");
    let jet = circle.jet(&[1.1]);
    assert!((dot(&jet.tangents[0], &jet.tangents[0]) - 0.7).abs() < 1e-15);
    assert!(jet.point.iter().zip(&jet.seconds[0]).all(|(x, h)| (x + h).abs() < 1e-15));
}

#[test]
fn what_is_no_manifold_is_refused() {
    for (kind, name) in [
        (ManifoldKind::GreatCircle { activity: 0.0 }, "activity"),
        (ManifoldKind::Torus { activities: vec![] }, "activities"),
        (ManifoldKind::Torus { activities: vec![-1.0] }, "activities"),
        (ManifoldKind::Ellipse { semi_axes: [1.0, 0.0], centre: [0.0; 3] }, "semi_axes"),
        (ManifoldKind::Segment { from: [1.0; 3], to: [1.0; 3] }, "to"),
        (ManifoldKind::SpherePatch { dimension: 0, activity: 1.0 }, "dimension"),
    ] {
        assert_eq!(Manifold::new(kind).expect_err("refused").name, name);
    }
}
