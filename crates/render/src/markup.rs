//! The markup of labels, parsed. See `figure` for what it means.

use super::symbols::{COMMANDS, FUNCTIONS, SYMBOLS};
use super::template::nearest;

/// What is wrong with a label.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("label \"{text}\", character {position}: {problem}")]
pub struct MarkupError {
    /// The label.
    pub text: String,
    /// Character at which it goes wrong, from 1.
    pub position: usize,
    /// What is wrong there.
    pub problem: String,
}

/// How a symbol is spaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Ordinary,
    Function,
    Binary,
    Relation,
    Open,
    Close,
    Punctuation,
}

/// A mark above its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Accent {
    Bar,
    Hat,
    Tilde,
    Dot,
    Dots,
}

/// A piece of a label.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// One character of plain text.
    Plain(char),
    /// One character of mathematics.
    Symbol { character: char, italic: bool, class: Class },
    /// Upright letters in mathematics.
    Word { letters: String, class: Class, bold: bool },
    /// A body with primes, and something below and above it to the right.
    Scripts { body: Vec<Node>, primes: usize, sub: Option<Vec<Node>>, sup: Option<Vec<Node>> },
    /// A body with a mark above it.
    Accented { body: Vec<Node>, accent: Accent },
    /// A square root.
    Root(Vec<Node>),
    /// A group.
    Group(Vec<Node>),
    /// A space, in thousandths of the font size.
    Space(f64),
}

const DEEPEST: usize = 8;

/// Parses a label.
pub(super) fn parse(text: &str) -> Result<Vec<Node>, MarkupError> {
    parse_with(text, false)
}

/// Parses a label in which `{}` may stand for a value.
pub(super) fn parse_with(text: &str, template: bool) -> Result<Vec<Node>, MarkupError> {
    let mut parser = Parser { text, characters: text.chars().collect(), position: 0, depth: 0 };
    let mut nodes = Vec::new();
    while let Some(&character) = parser.characters.get(parser.position) {
        parser.position += 1;
        match character {
            '$' => {
                let start = parser.position;
                nodes.push(Node::Group(parser.mathematics('$', start)?));
            }
            '\\' => nodes.push(Node::Plain(parser.escaped()?)),
            '{' if template && parser.peek() == Some('}') => parser.position += 1,
            '_' | '^' | '{' | '}' => {
                return Err(parser.error(format!("'{character}' outside of mathematics; write \\{character} or $...$")));
            }
            '\'' => nodes.push(Node::Plain('\u{2019}')),
            _ if character.is_control() => return Err(parser.error("control characters cannot be drawn".to_owned())),
            _ => nodes.push(Node::Plain(character)),
        }
    }
    Ok(nodes)
}

struct Parser<'a> {
    text: &'a str,
    characters: Vec<char>,
    position: usize,
    depth: usize,
}

impl Parser<'_> {
    fn error(&self, problem: String) -> MarkupError {
        MarkupError { text: self.text.to_owned(), position: self.position, problem }
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.position).copied()
    }

    fn skip_spaces(&mut self) {
        while self.peek() == Some(' ') {
            self.position += 1;
        }
    }

    fn escaped(&mut self) -> Result<char, MarkupError> {
        match self.peek() {
            Some(character) if "\\$_^{}".contains(character) => {
                self.position += 1;
                Ok(character)
            }
            _ => Err(self.error("a backslash in plain text must be followed by one of \\ $ _ ^ { }".to_owned())),
        }
    }

    /// Everything up to the closing character.
    fn mathematics(&mut self, close: char, start: usize) -> Result<Vec<Node>, MarkupError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.error(format!("groups nest deeper than {DEEPEST}")));
        }
        let mut nodes = Vec::new();
        loop {
            let Some(character) = self.peek() else {
                self.position = start;
                return Err(self.error(format!("no '{close}' closes what starts here")));
            };
            self.position += 1;
            match character {
                _ if character == close => break,
                ' ' => {}
                '_' | '^' | '\'' => self.script(character, &mut nodes)?,
                _ => nodes.push(self.atom(character)?),
            }
        }
        self.depth -= 1;
        Ok(nodes)
    }

    /// A prime, a subscript or a superscript of the node before it.
    fn script(&mut self, mark: char, nodes: &mut Vec<Node>) -> Result<(), MarkupError> {
        let content = if mark == '\'' { Vec::new() } else { self.argument("a script")? };
        let (body, mut primes, mut sub, mut sup) = match nodes.pop() {
            Some(Node::Scripts { body, primes, sub, sup }) => (body, primes, sub, sup),
            Some(node) => (vec![node], 0, None, None),
            None => (Vec::new(), 0, None, None),
        };
        let twice = match mark {
            '\'' if sup.is_some() => Some("a prime after the superscript"),
            '\'' => {
                primes += 1;
                None
            }
            '^' => sup.replace(content).map(|_| "a second superscript"),
            _ => sub.replace(content).map(|_| "a second subscript"),
        };
        nodes.push(Node::Scripts { body, primes, sub, sup });
        twice.map_or(Ok(()), |what| Err(self.error(format!("{what} at one symbol"))))
    }

    /// What a command or a script applies to: a group, or one symbol or command.
    fn argument(&mut self, of: &str) -> Result<Vec<Node>, MarkupError> {
        self.skip_spaces();
        let Some(character) = self.peek().filter(|&c| !"$_^}'".contains(c)) else {
            return Err(self.error(format!("{of} needs a symbol or a {{group}} after it")));
        };
        self.position += 1;
        Ok(match self.atom(character)? {
            Node::Group(content) => content,
            node => vec![node],
        })
    }

    fn atom(&mut self, character: char) -> Result<Node, MarkupError> {
        let symbol = |character, italic, class| Ok(Node::Symbol { character, italic, class });
        match character {
            '{' => {
                let start = self.position;
                Ok(Node::Group(self.mathematics('}', start)?))
            }
            '\\' => self.command(),
            '}' | '$' => Err(self.error(format!("'{character}' closes nothing"))),
            '-' => symbol('\u{2212}', false, Class::Binary),
            '+' | '\u{b1}' | '\u{d7}' | '\u{2212}' => symbol(character, false, Class::Binary),
            '*' => symbol('\u{2217}', false, Class::Ordinary),
            '=' | '<' | '>' | ':' => symbol(character, false, Class::Relation),
            ',' | ';' => symbol(character, false, Class::Punctuation),
            '(' | '[' => symbol(character, false, Class::Open),
            ')' | ']' | '!' => symbol(character, false, Class::Close),
            '|' | '/' | '.' | '%' => symbol(character, false, Class::Ordinary),
            _ if character.is_alphabetic() => symbol(character, true, Class::Ordinary),
            _ if character.is_ascii_digit() => symbol(character, false, Class::Ordinary),
            _ => Err(self.error(format!("'{character}' is not known in mathematics"))),
        }
    }

    fn command(&mut self) -> Result<Node, MarkupError> {
        let start = self.position;
        let mut name = String::new();
        while let Some(letter) = self.peek().filter(char::is_ascii_alphabetic) {
            name.push(letter);
            self.position += 1;
        }
        if name.is_empty() {
            let Some(character) = self.peek() else {
                return Err(self.error("nothing after the backslash".to_owned()));
            };
            self.position += 1;
            let symbol = |character, class| Ok(Node::Symbol { character, italic: false, class });
            return match character {
                ',' => Ok(Node::Space(167.0)),
                ':' => Ok(Node::Space(222.0)),
                ';' => Ok(Node::Space(278.0)),
                ' ' => Ok(Node::Space(250.0)),
                '!' => Ok(Node::Space(-167.0)),
                '|' => symbol('\u{2225}', Class::Ordinary),
                '{' => symbol('{', Class::Open),
                '}' => symbol('}', Class::Close),
                '$' | '_' | '%' => symbol(character, Class::Ordinary),
                _ => Err(self.error(format!("\\{character} is not known"))),
            };
        }
        if let Some(&(_, character, italic, class)) = SYMBOLS.iter().find(|row| row.0 == name) {
            return Ok(Node::Symbol { character, italic, class });
        }
        if FUNCTIONS.contains(&name.as_str()) {
            return Ok(Node::Word { letters: name, class: Class::Function, bold: false });
        }
        match name.as_str() {
            "bar" => self.accented(Accent::Bar, &name),
            "hat" => self.accented(Accent::Hat, &name),
            "tilde" => self.accented(Accent::Tilde, &name),
            "dot" => self.accented(Accent::Dot, &name),
            "ddot" => self.accented(Accent::Dots, &name),
            "sqrt" => Ok(Node::Root(self.argument(r"\sqrt")?)),
            "text" | "mathrm" => self.word(&name, false),
            "mathbf" => self.word(&name, true),
            "quad" => Ok(Node::Space(1000.0)),
            _ => {
                self.position = start;
                let known = SYMBOLS.iter().map(|row| row.0).chain(FUNCTIONS).chain(COMMANDS);
                let hint = nearest(&name, known).map_or(String::new(), |near| format!("; did you mean \\{near}?"));
                Err(self.error(format!("\\{name} is not known{hint}")))
            }
        }
    }

    fn accented(&mut self, accent: Accent, name: &str) -> Result<Node, MarkupError> {
        Ok(Node::Accented { body: self.argument(&format!("\\{name}"))?, accent })
    }

    /// Upright text in braces, or one letter or digit.
    fn word(&mut self, name: &str, bold: bool) -> Result<Node, MarkupError> {
        self.skip_spaces();
        let start = self.position;
        let mut letters = String::new();
        match self.peek() {
            Some('{') => self.position += 1,
            Some(character) if character.is_alphanumeric() => {
                self.position += 1;
                return Ok(Node::Word { letters: character.into(), class: Class::Ordinary, bold });
            }
            _ => return Err(self.error(format!("\\{name} needs a letter or a {{group}} after it"))),
        }
        loop {
            let Some(character) = self.peek() else {
                self.position = start + 1;
                return Err(self.error("no '}' closes what starts here".to_owned()));
            };
            self.position += 1;
            match character {
                '}' => return Ok(Node::Word { letters, class: Class::Ordinary, bold }),
                '\\' => letters.push(self.escaped()?),
                '$' | '_' | '^' | '{' => return Err(self.error(format!("write \\{character} inside \\{name}"))),
                '\'' => letters.push('\u{2019}'),
                _ if character.is_control() => return Err(self.error("control characters cannot be drawn".to_owned())),
                _ => letters.push(character),
            }
        }
    }
}
