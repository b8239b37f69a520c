//! Captions for LaTeX: plain words stay words, and what is written as symbols, such as `sigma_w = 1.5` or `1/n`, becomes mathematics.

use super::latex::text;
use crate::render::command_of;

/// Names of Greek letters as plain text has them, with their commands.
const GREEK: &[(&str, &str)] = &[
    ("alpha", "alpha"),
    ("beta", "beta"),
    ("gamma", "gamma"),
    ("delta", "delta"),
    ("eps", "varepsilon"),
    ("eta", "eta"),
    ("theta", "theta"),
    ("kappa", "kappa"),
    ("lambda", "lambda"),
    ("mu", "mu"),
    ("xi", "xi"),
    ("pi", "pi"),
    ("rho", "rho"),
    ("sigma", "sigma"),
    ("tau", "tau"),
    ("phi", "phi"),
    ("Phi", "Phi"),
    ("chi", "chi"),
    ("psi", "psi"),
    ("omega", "omega"),
];

const FUNCTIONS: &[(&str, &str)] = &[
    ("ln", "\\ln"),
    ("exp", "\\exp"),
    ("sin", "\\sin"),
    ("cos", "\\cos"),
    ("tanh", "\\tanh"),
    ("det", "\\det"),
    ("max", "\\max"),
    ("erf", "\\mathrm{erf}"),
];

const OPERATORS: &[&str] = &["=", "<", ">", "+", "-", "/", "<=", ">=", "≤", "≥"];

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Word,
    Number,
    Operator,
    Symbol,
    /// A function's name alone, which has an argument after it.
    Function,
}

/// Plain text as LaTeX writes it, in one line.
pub(super) fn prose(plain: &str) -> String {
    let words: Vec<&str> = plain.split_whitespace().collect();
    let mut out = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let panels = panels(&words[at..]);
        out.extend(words[at..at + panels].iter().map(|word| text(word)));
        at += panels;
        if panels > 0 {
            continue;
        }
        let run = run(&words[at..]);
        match set(&words[at..at + run]) {
            Some(written) => {
                out.push(written);
                at += run;
            }
            None => {
                out.push(text(words[at]));
                at += 1;
            }
        }
    }
    out.join(" ")
}

/// How many words from the first on name panels in brackets, as in (a, b, c) or (d to f).
fn panels(words: &[&str]) -> usize {
    let Some(first) = words.first().and_then(|word| word.strip_prefix('(')) else { return 0 };
    let letter = |word: &str| word.len() == 1 && word.starts_with(|letter: char| letter.is_ascii_lowercase());
    for (index, word) in std::iter::once(&first).chain(&words[1..]).enumerate() {
        let (core, _) = split(word);
        match core.strip_suffix(')') {
            Some(core) if letter(core) => return index + 1,
            None if letter(core) || ["and", "or", "to"].contains(&core) => {}
            _ => return 0,
        }
    }
    0
}

/// How many words from the first on are one expression; 0 where that is none.
fn run(words: &[&str]) -> usize {
    let (mut length, mut before, mut open, mut symbols) = (0, Kind::Operator, 0i32, false);
    for (index, word) in words.iter().enumerate() {
        let (core, end) = split(word);
        let kind = match kind(core) {
            _ if letter_of_a_panel(core) => {
                let compared = end.is_empty() && words.get(index + 1).is_some_and(|next| OPERATORS.contains(next));
                let closes = index > 0 && open > 0 && !core.starts_with('(');
                if (core.starts_with('(') && !core.ends_with(')') && compared) || closes {
                    Kind::Symbol
                } else {
                    Kind::Word
                }
            }
            kind => kind,
        };
        let apart = matches!(before, Kind::Symbol | Kind::Number) && kind == Kind::Number;
        if kind == Kind::Word || apart {
            break;
        }
        open += core.matches('(').count() as i32 - core.matches(')').count() as i32;
        symbols |= matches!(kind, Kind::Symbol | Kind::Function);
        if kind != Kind::Operator {
            length = index + 1;
        }
        before = kind;
        if !end.is_empty() {
            break;
        }
    }
    // numbers alone are words
    if symbols { length } else { 0 }
}

/// A word, and the mark of punctuation after it.
fn split(word: &str) -> (&str, &str) {
    let core = word.trim_end_matches(['.', ',', ';', ':']);
    word.split_at(core.len())
}

/// Whether a bracket stands at a single letter, as in (a) or (b, c).
fn letter_of_a_panel(word: &str) -> bool {
    let inner = word.trim_matches(['(', ')']);
    inner.len() < word.len() && inner.len() == 1 && inner.starts_with(|letter: char| letter.is_ascii_lowercase())
}

/// A word with the brackets closed that it leaves open.
fn closed(core: &str) -> String {
    format!("{core}{}", ")".repeat(core.matches('(').count().saturating_sub(core.matches(')').count())))
}

fn kind(core: &str) -> Kind {
    match core {
        "a" | "A" | "I" | "" => Kind::Word,
        _ if OPERATORS.contains(&core) => Kind::Operator,
        "sqrt" => Kind::Function,
        _ if FUNCTIONS.iter().any(|(name, _)| *name == core) => Kind::Function,
        // an argument may go on in the next words
        _ => match written(&closed(core)) {
            Some((_, true)) => Kind::Symbol,
            Some((_, false)) => Kind::Number,
            None => Kind::Word,
        },
    }
}

/// These words as an expression, with brackets around it and the mark after it outside.
fn set(words: &[&str]) -> Option<String> {
    let (last, others) = words.split_last()?;
    let (core, end) = split(last);
    let joined = [others, &[core]].concat().join(" ");
    let (mut inner, mut before, mut after) = (joined.as_str(), String::new(), String::new());
    let surplus = |text: &str| text.matches('(').count() as i32 - text.matches(')').count() as i32;
    // brackets around all of it are those of the sentence
    if let Some((inside, "")) = inner.strip_prefix('(').and_then(bracket) {
        (inner, before, after) = (inside, "(".to_owned(), ")".to_owned());
    }
    while let Some(rest) = inner.strip_prefix('(').filter(|_| surplus(inner) > 0) {
        before.push('(');
        inner = rest;
    }
    while let Some(rest) = inner.strip_suffix(')').filter(|_| surplus(inner) < 0) {
        after.push(')');
        inner = rest;
    }
    let (expression, _) = written(inner).filter(|_| surplus(inner) == 0)?;
    Some(format!("{before}${expression}${after}{end}"))
}

/// An expression in the mathematics of LaTeX, and whether anything in it is more than a plain number; nothing where it is none.
fn written(plain: &str) -> Option<(String, bool)> {
    let mut out = String::new();
    let mut symbolic = false;
    let mut rest = plain;
    while let Some(letter) = rest.chars().next() {
        let tail = &rest[letter.len_utf8()..];
        if "_^() ".contains(letter) && ends_with_command(&out) {
            out.pop();
        }
        if letter.is_ascii_digit() {
            let (number, after) = number(rest);
            symbolic |= number.contains('^');
            out.push_str(&number);
            rest = after;
        } else if letter.is_ascii_alphabetic() {
            let length = rest.find(|letter: char| !letter.is_ascii_alphabetic()).unwrap_or(rest.len());
            let (name, after) = rest.split_at(length);
            symbolic = true;
            rest = after;
            if name == "sqrt" {
                let (inside, after) = argument(after.trim_start())?;
                out.push_str(&format!("\\sqrt{{{}}}", written(inside)?.0));
                rest = after;
            } else if let Some((_, command)) = FUNCTIONS.iter().find(|(known, _)| *known == name) {
                out.push_str(&format!("{command} "));
            } else if name.len() == 1 && after.starts_with("-bar") {
                out.push_str(&format!("\\bar{{{name}}}"));
                rest = &after["-bar".len()..];
            } else {
                out.push_str(&symbol(name)?);
            }
        } else if letter == '_' || letter == '^' {
            let (script, after) = script(tail)?;
            out.push_str(&format!("{letter}{{{script}}}"));
            rest = after;
        } else if letter == '*' {
            out.push_str(if out.ends_with(|before: char| before.is_ascii_alphanumeric() || before == '}') {
                "^{*}"
            } else {
                return None;
            });
            rest = tail;
        } else if letter == '√' {
            let (inside, after) = argument(tail)?;
            out.push_str(&format!("\\sqrt{{{}}}", written(inside)?.0));
            (symbolic, rest) = (true, after);
        } else if let Some((inside, after)) = mean(rest) {
            out.push_str(&format!("\\langle {}\\rangle ", written(inside)?.0));
            (symbolic, rest) = (true, after);
        } else if letter == '\'' && !tail.starts_with(|next: char| next.is_alphanumeric()) {
            // a derivative; what is quoted or has an apostrophe is a word
            if ends_with_command(&out) {
                out.pop();
            }
            if !out.ends_with(|before: char| before.is_ascii_alphanumeric() || "}'".contains(before)) {
                return None;
            }
            out.push('\'');
            rest = tail;
        } else if let Some(after) = rest.strip_prefix("+-") {
            out.push_str("\\pm ");
            (symbolic, rest) = (true, after);
        } else if let Some((sign, after)) =
            [("<=", "\\le "), (">=", "\\ge ")].iter().find_map(|(plain, sign)| Some((sign, rest.strip_prefix(plain)?)))
        {
            out.push_str(sign);
            rest = after;
        } else if letter == '-' && out.trim_start_matches('(').is_empty() {
            out.push('-');
            (symbolic, rest) = (true, tail);
        } else if " =<>+-/()[],!|".contains(letter) {
            out.push(letter);
            rest = tail;
        } else {
            let command = command_of(letter).filter(|_| !letter.is_ascii())?;
            out.push_str(&format!("\\{command} "));
            (symbolic, rest) = (true, tail);
        }
    }
    // signs alone are none
    (out.contains(|letter: char| letter.is_ascii_alphanumeric())).then(|| (out.trim_end().to_owned(), symbolic))
}

/// What stands in angle brackets around one word, and what follows them.
fn mean(text: &str) -> Option<(&str, &str)> {
    let (inside, rest) = text.strip_prefix('<')?.split_once('>')?;
    let whole = inside.starts_with(|letter: char| letter.is_ascii_alphabetic()) && !inside.contains([' ', '<', '=']);
    whole.then_some((inside, rest))
}

/// Whether the last that was written is the name of a command, with the space that ends it.
fn ends_with_command(out: &str) -> bool {
    let name = out.strip_suffix(' ').and_then(|out| out.rsplit_once('\\'));
    name.is_some_and(|(_, name)| !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphabetic()))
}

/// A letter, or the name of a Greek one.
fn symbol(name: &str) -> Option<String> {
    match GREEK.iter().find(|(known, _)| *known == name) {
        Some((_, command)) => Some(format!("\\{command} ")),
        None => (name.len() == 1).then(|| name.to_owned()),
    }
}

/// The number that a text begins with, and what follows it.
fn number(text: &str) -> (String, &str) {
    let digits = |text: &str| text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let mut length = digits(text);
    if let Some(fraction) = text[length..].strip_prefix('.').filter(|rest| digits(rest) > 0) {
        length += 1 + digits(fraction);
    }
    let (mantissa, rest) = text.split_at(length);
    let exponent = rest.strip_prefix('e').and_then(|rest| {
        let unsigned = rest.strip_prefix(['-', '+']).unwrap_or(rest);
        let length = rest.len() - unsigned.len() + digits(unsigned);
        (digits(unsigned) > 0).then(|| rest.split_at(length))
    });
    match exponent {
        Some((exponent, rest)) => {
            let power = format!("10^{{{}}}", exponent.trim_start_matches('+'));
            (if mantissa == "1" { power } else { format!("{mantissa} \\times {power}") }, rest)
        }
        None => (mantissa.to_owned(), rest),
    }
}

/// What a root is of: a bracket, or a letter or number.
fn argument(text: &str) -> Option<(&str, &str)> {
    if let Some(inside) = text.strip_prefix('(') {
        return bracket(inside);
    }
    let length = text.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(text.len());
    (length > 0).then(|| text.split_at(length))
}

/// What stands before the bracket that closes, and what follows it.
fn bracket(inside: &str) -> Option<(&str, &str)> {
    let mut depth = 1;
    for (at, letter) in inside.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some((&inside[..at], &inside[at + 1..]));
        }
    }
    None
}

/// An index or a power, and what follows it.
fn script(text: &str) -> Option<(String, &str)> {
    if let Some(inside) = text.strip_prefix('(') {
        let (inside, rest) = bracket(inside)?;
        return Some((written(inside)?.0, rest));
    }
    if let Some(inside) = text.strip_prefix('{') {
        let (inside, rest) = inside.split_once('}')?;
        let inner = match (inside, written(inside)) {
            ("infinity", _) => "\\infty".to_owned(),
            (_, Some((inner, _))) => inner,
            // several indices in a row
            _ if inside.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == ',') => inside.to_owned(),
            _ => return None,
        };
        return Some((inner, rest));
    }
    if let Some(rest) = text.strip_prefix('*') {
        return Some(("*".to_owned(), rest));
    }
    let signed = text.strip_prefix('-').unwrap_or(text);
    let length = signed.find(|letter: char| !letter.is_ascii_alphanumeric()).unwrap_or(signed.len());
    let (name, rest) = signed.split_at(length);
    let name = match name {
        "infinity" => "\\infty".to_owned(),
        _ => symbol(name).unwrap_or_else(|| name.to_owned()),
    };
    let sign = &text[..text.len() - signed.len()];
    (!name.is_empty()).then(|| (format!("{sign}{}", name.trim_end()), rest))
}

#[cfg(test)]
mod tests {
    use super::prose;
    use proptest::prelude::*;

    #[test]
    fn symbols_become_mathematics() {
        for (plain, written) in [
            (
                "Parameters: phi(u) = tanh u, sigma_w = 1.3, 2.5.",
                "Parameters: $\\phi(u) = \\tanh u$, $\\sigma_{w} = 1.3$, 2.5.",
            ),
            ("lines (a), points (b, c) and (d to f)", "lines (a), points (b, c) and (d to f)"),
            (
                "A patch of a 2-sphere (n = 100), to first order in 1/n.",
                "A patch of a 2-sphere ($n = 100$), to first order in $1/n$.",
            ),
            ("Poole et al. (2016), 95 % of 48 inputs", "Poole et al. (2016), 95 \\% of 48 inputs"),
            ("c_1 = (1 - z^2) |u|^2 and z = +-1", "$c_{1} = (1 - z^{2}) |u|^{2}$ and $z = \\pm 1$"),
            ("s / (sqrt(A*) chi_1^(l/2))", "$s / (\\sqrt{A^{*}} \\chi_{1}^{l/2})$"),
            (
                "a ridge of 1e-9 or 1.5e-4, slope -2, D-bar",
                "a ridge of $10^{-9}$ or $1.5 \\times 10^{-4}$, slope $-2$, $\\bar{D}$",
            ),
            ("phi(u) = erf(u / √2); n = 20", "$\\phi(u) = \\mathrm{erf} (u / \\sqrt{2})$; $n = 20$"),
            ("a layer's k-th input & more_or_less $x$", "a layer's k-th input \\& more\\_or\\_less \\$x\\$"),
            ("three inputs (a, b, c), (d, e and f)", "three inputs (a, b, c), (d, e and f)"),
            (
                "H = E[(T - w* phi(v* x)) phi''(v* x) x^2]; phi'' of a layer's k",
                "$H = E[(T - w^{*} \\phi(v^{*} x)) \\phi''(v^{*} x) x^{2}]$; $\\phi''$ of a layer's $k$",
            ),
            (
                "R sqrt(det g), times sqrt(N / 2) for N networks",
                "$R \\sqrt{\\det g}$, times $\\sqrt{N / 2}$ for $N$ networks",
            ),
            (
                "beta <L> of it, m_infinity or m_{infinity}, K_{ab,cd}",
                "$\\beta \\langle L\\rangle$ of it, $m_{\\infty}$ or $m_{\\infty}$, $K_{ab,cd}$",
            ),
            ("0 < x and y > 1; at (-0.4, -0.9)", "$0 < x$ and $y > 1$; at ($-0.4$, $-0.9$)"),
            ("units v phi(w x) in layer 4 of n", "units $v \\phi(w x)$ in layer 4 of $n$"),
        ] {
            assert_eq!(prose(plain), written, "{plain}");
        }
    }

    /// Captions of the drawn figures have no text as a program writes it: all that is mathematics is set as such.
    #[test]
    fn captions_of_all_figures_are_for_readers() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("figures");
        let mut seen = 0;
        for entry in std::fs::read_dir(folder).expect("figures") {
            let path = entry.expect("a file").path();
            if path.extension().is_none_or(|extension| extension != "svg") {
                continue;
            }
            let drawing = std::fs::read_to_string(&path).expect("text");
            let document = roxmltree::Document::parse(&drawing).expect("well-formed");
            let described = document.descendants().find(|node| node.has_tag_name("desc")).and_then(|node| node.text());
            let caption = prose(described.expect("a description"));
            for (index, part) in caption.replace("\\$", "").split('$').enumerate() {
                let faults: &[&str] = if index % 2 == 0 {
                    &["sqrt(", "'{}'", "''", "\\textbraceleft", "\\_", "phi", "sigma", "chi_", "^"]
                } else {
                    &["<L", "infinity"]
                };
                let fault = faults.iter().find(|fault| part.contains(**fault));
                assert!(fault.is_none(), "{}: {fault:?} in {part:?}", path.display());
            }
            assert!(!caption.contains("(a, $") && !caption.contains(", $b$,"), "{}: {caption}", path.display());
            seen += 1;
        }
        assert!(seen >= 79, "{seen}");
    }

    proptest! {
        /// Braces and dollar signs balance, and nothing but the commands of these pages gets through.
        #[test]
        fn no_text_leaves_its_place(plain in "([a-zA-Z0-9_^*(){}$%&#|√ =.,;+/-]|\\\\|sigma|sqrt|input|ln ){0,40}") {
            let written = prose(&plain);
            let bare: String = written.replace("\\\\", "").split('\\').enumerate().map(|(index, part)| if index == 0 { part } else { part.get(1..).unwrap_or("") }).collect();
            prop_assert_eq!(bare.matches('$').count() % 2, 0, "{}", &written);
            prop_assert_eq!(bare.matches('{').count(), bare.matches('}').count(), "{}", &written);
            prop_assert!(!bare.contains(['%', '&', '#']) && !written.contains("\\input"), "{}", written);
        }
    }
}
