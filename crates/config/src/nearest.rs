//! The nearest of known names to one that is none of them, for messages.

/// Lists longer than this are not printed where one of them is near.
const LONG: usize = 20;

pub use neurodyn_model::nearest::nearest;

/// What there is instead of this name, to go on after `no ... is called ...`: the nearest name, and all where that are not many or none is
/// near.
pub fn instead(name: &str, known: &[&str]) -> String {
    match nearest(name, known.iter().copied()) {
        _ if known.is_empty() => "; there are none".to_owned(),
        Some(near) if known.len() > LONG => format!("; is {near} meant?"),
        Some(near) => format!("; is {near} meant? There are: {}", known.join(", ")),
        None => format!("; there are: {}", known.join(", ")),
    }
}

/// A message of the form `unknown ... NAME, expected one of A, B, ...` (each in backquotes) with the nearest name after it, and without the
/// others where they are many; any other message as it is.
pub fn with_nearest(message: &str) -> String {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (Some((name, known)), true) = (quoted.split_first(), message.starts_with("unknown ")) else {
        return message.to_owned();
    };
    match nearest(name, known.iter().copied()) {
        None => message.to_owned(),
        Some(near) if known.len() > LONG => {
            let (start, _) = message.split_once(", expected").unwrap_or((message, ""));
            format!("{start}; is `{near}` meant?")
        }
        Some(near) => format!("{message}; is `{near}` meant?"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_keyboard_are_near_and_other_words_are_not() {
        let known = ["activity_map", "activity_width", "distance_map", "relu", "gelu"];
        for (name, meant) in [
            ("activty_map", Some("activity_map")),
            ("activity_mop", Some("activity_map")),
            ("actvity_widht", Some("activity_width")),
            ("Relu", Some("relu")),
            ("rlu", Some("relu")),
            ("x", None),
            ("spectrum", None),
            ("", None),
        ] {
            assert_eq!(nearest(name, known), meant, "{name}");
        }
    }

    #[test]
    fn long_lists_give_way_to_a_near_name_only() {
        let names: Vec<String> = (0..30).map(|i| format!("experiment_{i}")).collect();
        let many: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(instead("experimant_3", &many), "; is experiment_3 meant?");
        assert!(instead("nothing like it", &many).ends_with("experiment_29"));
        assert_eq!(instead("smal", &["small", "large"]), "; is small meant? There are: small, large");
        assert_eq!(instead("x", &[]), "; there are none");
    }

    #[test]
    fn messages_of_the_parser_get_the_name() {
        let message = "unknown field `sigma_v`, expected one of `activation`, `sigma_w`, `replicas`";
        assert_eq!(with_nearest(message), format!("{message}; is `sigma_w` meant?"));
        let names: Vec<String> = (0..30).map(|i| format!("`name_{i}`")).collect();
        let message = format!("unknown variant `nmae_7`, expected one of {}", names.join(", "));
        assert_eq!(with_nearest(&message), "unknown variant `nmae_7`; is `name_7` meant?");
        assert_eq!(with_nearest("missing field `a`"), "missing field `a`");
    }
}
