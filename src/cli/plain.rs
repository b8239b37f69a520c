//! Text of others on its way to a terminal: nothing in it may move the cursor, change what was said before, or turn the order of letters.

use std::borrow::Cow;

/// Characters that a terminal obeys instead of showing, or that show nothing and change what is around them: controls but for line ends and
/// tabs, marks of direction, separators of lines, tags.
fn is_unsafe(letter: char) -> bool {
    match letter {
        '\n' | '\t' => false,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => true,
        '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => true,
        _ => letter.is_control(),
    }
}

/// The text with such characters written as in JSON, `\u001b`, so that JSON stays what it was.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().fold(String::with_capacity(text.len()), |mut shown, letter| {
        if is_unsafe(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                shown.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            shown.push(letter);
        }
        shown
    }))
}

/// The same for text that must stay on its line.
pub(super) fn one_line(text: &str) -> String {
    plain(text).replace('\n', "\\u000a").replace('\t', "\\u0009")
}

/// Text of several lines below another one: none of them can be taken for a line of the program's own.
pub(super) fn indented(text: &str) -> String {
    plain(text).replace('\n', "\n    ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Any text, rich in what terminals obey.
    fn text() -> impl Strategy<Value = String> {
        let bad = prop::sample::select(vec![
            '\r',
            '\u{1b}',
            '\u{7}',
            '\u{9b}',
            '\u{202e}',
            '\u{e0041}',
            '\n',
            '"',
            '\\',
            'a',
        ]);
        proptest::collection::vec(prop_oneof![bad, any::<char>()], 0..60)
            .prop_map(|letters| letters.into_iter().collect())
    }

    proptest! {
        #[test]
        fn nothing_that_terminals_obey_is_left(text in text()) {
            let shown = plain(&text);
            let obeyed = |letter: char| letter.is_control() && letter != '\n' && letter != '\t';
            prop_assert!(!shown.contains(obeyed) && !shown.contains(is_unsafe));
            prop_assert_eq!(shown.lines().count(), text.replace('\r', "_").lines().count());
            prop_assert!(!one_line(&text).contains(char::is_control));
            prop_assert!(indented(&text).lines().skip(1).all(|line| line.starts_with("    ")));
        }

        #[test]
        fn what_is_harmless_or_was_shown_before_stays(text in text()) {
            let harmless: String = text.chars().filter(|letter| !is_unsafe(*letter)).collect();
            prop_assert_eq!(plain(&harmless), harmless.as_str());
            let once = plain(&text).into_owned();
            prop_assert_eq!(plain(&once), once.as_str());
        }

        #[test]
        fn json_says_the_same(text in text()) {
            let json = serde_json::to_string(&text).expect("text");
            prop_assert_eq!(serde_json::from_str::<String>(&plain(&json)).expect("JSON"), text);
        }
    }

    #[test]
    fn each_is_written_as_in_json() {
        assert_eq!(plain("a\rb\u{1b}[2Jé\u{202e}\u{9b}\u{e0001}"), "a\\u000db\\u001b[2Jé\\u202e\\u009b\\udb40\\udc01");
        assert_eq!(one_line("a\nb"), "a\\u000ab");
        assert_eq!(indented("a\nb"), "a\n    b");
    }
}
