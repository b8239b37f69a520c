//! Text for LaTeX and BibTeX: in any encoding of fonts, OT1 too, each letter prints as itself.

use crate::render::command_of;

/// A long word that LaTeX may break after every eighth letter.
pub(super) fn breakable(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    letters.chunks(8).map(String::from_iter).collect::<Vec<_>>().join("\\allowbreak{}")
}

/// Text as LaTeX writes it. Latin letters with the accents of OT1, Greek ones and the signs of mathematics become commands; other
/// scripts stay what they are, since only a document that has fonts for them can print them.
pub(super) fn text(plain: &str) -> String {
    let mut out = String::new();
    let mut before = None;
    let mut letters = plain.chars().peekable();
    while let Some(letter) = letters.next() {
        let mark = letters.peek().and_then(|&mark| accent(mark).filter(|_| letter.is_ascii_alphabetic()));
        if let Some(command) = mark {
            letters.next();
            out.push_str(&accented(command, letter));
        } else {
            // two of them in a row would be another sign
            if (before == Some(letter) && "-'`,".contains(letter))
                || (letter == '`' && matches!(before, Some('?' | '!')))
            {
                out.push_str("{}");
            }
            write(letter, &mut out);
        }
        before = Some(letter);
    }
    out
}

fn write(letter: char, out: &mut String) {
    if let Some((_, written)) = WRITTEN.iter().find(|(character, _)| *character == letter) {
        return out.push_str(written);
    }
    match letter {
        '{' => out.push_str("\\textbraceleft{}"),
        '}' => out.push_str("\\textbraceright{}"),
        '_' | '%' | '&' | '#' | '$' => out.extend(['\\', letter]),
        _ if letter.is_control() => out.push(' '),
        _ if letter.is_ascii() => out.push(letter),
        _ => out.push_str(&beyond_ascii(letter)),
    }
}

fn beyond_ascii(letter: char) -> String {
    if let Some((command, base)) = decomposed(letter) {
        return accented(command, base);
    }
    for (digits, shift) in [("⁰¹²³⁴⁵⁶⁷⁸⁹", '^'), ("₀₁₂₃₄₅₆₇₈₉", '_')] {
        if let Some(digit) = digits.chars().position(|character| character == letter) {
            return format!("\\ensuremath{{{shift}{digit}}}");
        }
    }
    command_of(letter).map_or_else(|| letter.to_string(), |command| format!("\\ensuremath{{\\{command}}}"))
}

fn accented(command: &str, base: char) -> String {
    let base = match base {
        'i' => "\\i".to_owned(),
        'j' => "\\j".to_owned(),
        _ => base.to_string(),
    };
    format!("{{\\{command}{{{base}}}}}")
}

/// The command of a combining accent.
fn accent(mark: char) -> Option<&'static str> {
    ACCENTS.iter().find(|row| row.0 == mark).map(|row| row.1)
}

/// The command of the accent of a letter, and the letter without it.
fn decomposed(letter: char) -> Option<(&'static str, char)> {
    ACCENTS.iter().find_map(|(_, command, letters)| {
        let mut pairs = letters.chars();
        while let (Some(whole), Some(base)) = (pairs.next(), pairs.next()) {
            if whole == letter {
                return Some((*command, base));
            }
        }
        None
    })
}

/// What is written in a way of its own.
const WRITTEN: &[(char, &str)] = &[
    ('\\', "\\textbackslash{}"),
    ('~', "\\textasciitilde{}"),
    ('^', "\\textasciicircum{}"),
    ('<', "\\textless{}"),
    ('>', "\\textgreater{}"),
    ('|', "\\textbar{}"),
    // babel makes a command of it in some languages
    ('"', "\\symbol{34}"),
    ('\u{a0}', "~"),
    ('\u{2009}', "\\,"),
    ('\u{2010}', "-"),
    ('\u{2011}', "-"),
    ('–', "--"),
    ('—', "---"),
    ('‘', "`{}"),
    ('’', "'{}"),
    ('“', "``{}"),
    ('”', "''{}"),
    ('…', "\\ldots{}"),
    ('¡', "!`{}"),
    ('¿', "?`{}"),
    ('§', "\\S{}"),
    ('©', "\\copyright{}"),
    ('ß', "{\\ss}"),
    ('æ', "{\\ae}"),
    ('Æ', "{\\AE}"),
    ('œ', "{\\oe}"),
    ('Œ', "{\\OE}"),
    ('ø', "{\\o}"),
    ('Ø', "{\\O}"),
    ('ł', "{\\l}"),
    ('Ł', "{\\L}"),
    ('ı', "{\\i}"),
    ('°', "\\ensuremath{^{\\circ}}"),
    ('′', "\\ensuremath{'}"),
    ('−', "\\ensuremath{-}"),
    ('·', "\\ensuremath{\\cdot}"),
    ('√', "\\ensuremath{\\surd}"),
    ('µ', "\\ensuremath{\\mu}"),
    ('÷', "\\ensuremath{\\div}"),
    ('Υ', "\\ensuremath{\\Upsilon}"),
    ('⇒', "\\ensuremath{\\Rightarrow}"),
    ('↔', "\\ensuremath{\\leftrightarrow}"),
    ('∏', "\\ensuremath{\\prod}"),
];

/// Combining accent, command, and letters with it beside those without.
const ACCENTS: &[(char, &str, &str)] = &[
    ('\u{300}', "`", "ÀAÈEÌIÒOÙUàaèeìiòoùu"),
    ('\u{301}', "'", "ÁAÉEÍIÓOÚUÝYáaéeíióoúuýyĆCćcĹLĺlŃNńnŔRŕrŚSśsŹZźz"),
    ('\u{302}', "^", "ÂAÊEÎIÔOÛUâaêeîiôoûuĈCĉcĜGĝgĤHĥhĴJĵjŜSŝsŴWŵwŶYŷy"),
    ('\u{303}', "~", "ÃAÑNÕOãañnõoĨIĩiŨUũu"),
    ('\u{304}', "=", "ĀAāaĒEēeĪIīiŌOōoŪUūu"),
    ('\u{306}', "u", "ĂAăaĔEĕeĞGğgĬIĭiŎOŏoŬUŭu"),
    ('\u{307}', ".", "ĊCċcĖEėeĠGġgİIŻZżz"),
    ('\u{308}', "\"", "ÄAËEÏIÖOÜUŸYäaëeïiöoüuÿy"),
    ('\u{30a}', "r", "ÅAåaŮUůu"),
    ('\u{30b}', "H", "ŐOőoŰUűu"),
    ('\u{30c}', "v", "ČCčcĎDďdĚEěeŇNňnŘRřrŠSšsŤTťtŽZžz"),
    ('\u{327}', "c", "ÇCçcĢGĶKķkĻLļlŅNņnŖRŗrŞSşsŢTţt"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_is_written_so_that_ot1_prints_it() {
        for (plain, written) in [
            ("sigma_w < 1 | b > 0", "sigma\\_w \\textless{} 1 \\textbar{} b \\textgreater{} 0"),
            ("50 % & #1 $x$", "50 \\% \\& \\#1 \\$x\\$"),
            ("{a \\ b", "\\textbraceleft{}a \\textbackslash{} b"),
            ("\"a\"", "\\symbol{34}a\\symbol{34}"),
            ("a--b ''", "a-{}-b '{}'"),
            ("?`", "?{}`"),
            ("Schrödinger, Erdős, naïve", "Schr{\\\"{o}}dinger, Erd{\\H{o}}s, na{\\\"{\\i}}ve"),
            // accents that combine
            ("e\u{301} D\u{304}", "{\\'{e}} {\\={D}}"),
            ("χ₁ ≤ σ²", "\\ensuremath{\\chi}\\ensuremath{_1} \\ensuremath{\\le} \\ensuremath{\\sigma}\\ensuremath{^2}"),
            ("1–2 µ − °", "1--2 \\ensuremath{\\mu} \\ensuremath{-} \\ensuremath{^{\\circ}}"),
            ("Ж a\tb", "Ж a b"),
        ] {
            assert_eq!(text(plain), written, "{plain}");
        }
    }

    #[test]
    fn braces_balance_whatever_the_text() {
        let all: String = (' '..='\u{2fff}').collect();
        let written = text(&all);
        let count = |brace: char| written.matches(brace).count();
        assert_eq!(count('{'), count('}'));
        assert!(!written.contains("\\{") && !written.contains("\\}"), "BibTeX counts these too");
    }
}
