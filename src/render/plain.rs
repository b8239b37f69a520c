//! Labels as plain text, for screen readers and for searching.

use super::markup::{Accent, Class, MarkupError, Node, parse};

/// A label without its markup.
pub(super) fn plain(text: &str) -> Result<String, MarkupError> {
    let mut out = String::new();
    write_all(&parse(text)?, &mut out);
    Ok(out)
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
