//! Labels as plain text, for screen readers and for searching.

use super::markup::{Accent, Class, MarkupError, Node, parse};

/// A label without its markup.
pub(super) fn plain(text: &str) -> Result<String, MarkupError> {
    let mut out = String::new();
    write_all(&parse(text)?, &mut out);
    Ok(out)
}

/// A title in plain text: mathematics between dollar signs, as labels have it, becomes letters and signs. As in other markup, a pair of
/// dollar signs holds mathematics if no space follows the first or precedes the second, and no digit follows that; what is none stays.
pub fn plain_title(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let (written, tail) = mathematics(after).unwrap_or(("$".to_owned(), after));
        out.push_str(&written);
        rest = tail;
    }
    out + rest
}

/// What stands before the next dollar sign in plain text, and what follows it.
fn mathematics(text: &str) -> Option<(String, &str)> {
    let (inner, tail) = text.split_once('$')?;
    let loose = inner.trim() != inner || inner.is_empty() || tail.starts_with(|c: char| c.is_ascii_digit());
    if loose { None } else { Some((plain(&format!("${inner}$")).ok()?, tail)) }
}

fn write_all(nodes: &[Node], out: &mut String) {
    nodes.iter().for_each(|node| write(node, out));
}

fn script(mark: char, nodes: &[Node], out: &mut String) {
    out.push(mark);
    let mut inner = String::new();
    write_all(nodes, &mut inner);
    if inner.chars().count() > 1 && !inner.chars().all(|c| c.is_ascii_digit()) {
        inner = format!("({inner})");
    }
    out.push_str(&inner);
}

fn write(node: &Node, out: &mut String) {
    match node {
        Node::Plain(character) => out.push(*character),
        Node::Symbol { character, class: Class::Relation, .. } => {
            out.push(' ');
            out.push(*character);
            out.push(' ');
        }
        Node::Symbol { character, .. } => out.push(*character),
        Node::Word { letters, class, .. } => {
            out.push_str(letters);
            if *class == Class::Function {
                out.push(' ');
            }
        }
        Node::Scripts { body, primes, sub, sup } => {
            write_all(body, out);
            (0..*primes).for_each(|_| out.push('′'));
            if let Some(sub) = sub {
                script('_', sub, out);
            }
            if let Some(sup) = sup {
                script('^', sup, out);
            }
        }
        Node::Accented { body, accent } => {
            write_all(body, out);
            out.push(match accent {
                Accent::Bar => '\u{304}',
                Accent::Hat => '\u{302}',
                Accent::Tilde => '\u{303}',
                Accent::Dot => '\u{307}',
                Accent::Dots => '\u{308}',
            });
        }
        Node::Root(body) => {
            out.push_str("√(");
            write_all(body, out);
            out.push(')');
        }
        Node::Group(nodes) => write_all(nodes, out),
        Node::Space(width) if *width > 0.0 => out.push(' '),
        Node::Space(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_lose_their_mathematics_and_nothing_else() {
        for (title, plain) in [
            (r"Chaos for $\sigma_w$ above $1$", "Chaos for σ_w above 1"),
            (r"$\sigma_w < 1$ | b > 0", "σ_w < 1 | b > 0"),
            (r"$\bar D_{ij}^2$", "D\u{304}_(ij)^2"),
            ("a_b^{c} and \\n", "a_b^{c} and \\n"),
            ("from $5 to $6", "from $5 to $6"),
            ("$5 and $x$", "$5 and x"),
            (r"$\unknown$, $$, $", r"$\unknown$, $$, $"),
            ("", ""),
        ] {
            assert_eq!(plain_title(title), plain, "{title}");
        }
    }
}
