//! The markup of labels, parsed. See `figure` for what it means.

use super::symbols::{FUNCTIONS, SYMBOLS};

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
}

/// A piece of a label.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// One character of plain text.
    Plain(char),
    /// One character of mathematics.
    Symbol { character: char, italic: bool, class: Class },
    /// Upright letters in mathematics.
    Word { letters: String, class: Class },
    /// A body with something below and above it to the right.
    Scripts { body: Vec<Node>, sub: Option<Vec<Node>>, sup: Option<Vec<Node>> },
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
            '_' | '^' | '{' | '}' => {
                return Err(parser.error(format!("'{character}' outside of mathematics; write \\{character} or $...$")));
            }
            _ if character.is_control() => return Err(parser.error("control characters cannot be drawn".to_owned())),
            _ => nodes.push(Node::Plain(character)),
        }
    }
    Ok(nodes)
}

/// Writes a value so that it stands for itself in plain text.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if "\\$_^{}".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Puts a value where a template has `{}`: a number in mathematics, a label as upright text.
pub(super) fn fill(template: &str, value: &str, number: bool) -> String {
    let mut filled = String::new();
    let (mut mathematics, mut rest) = (false, template);
    while let Some(character) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("{}") {
            match (mathematics, number) {
                (true, true) => filled.push_str(value),
                (false, true) => filled.push_str(&format!("${value}$")),
                (true, false) => filled.push_str(&format!(r"\text{{{}}}", escape(value))),
                (false, false) => filled.push_str(&escape(value)),
            }
            rest = after;
            continue;
        }
        let escaped = if character == '\\' { rest[1..].chars().next().map_or(0, char::len_utf8) } else { 0 };
        let length = character.len_utf8() + escaped;
        mathematics ^= character == '$';
        filled.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    filled
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
                '_' | '^' => self.script(character == '^', &mut nodes)?,
                '\'' => nodes.push(Node::Symbol { character: '\u{2032}', italic: false, class: Class::Ordinary }),
                _ => nodes.push(self.atom(character)?),
            }
        }
        self.depth -= 1;
        Ok(nodes)
    }

    fn script(&mut self, above: bool, nodes: &mut Vec<Node>) -> Result<(), MarkupError> {
        while self.peek() == Some(' ') {
            self.position += 1;
        }
        let Some(character) = self.peek().filter(|&c| !"$_^}".contains(c)) else {
            return Err(self.error("a script needs a symbol or a {group} after it".to_owned()));
        };
        self.position += 1;
        let content = match self.atom(character)? {
            Node::Group(content) => content,
            node => vec![node],
        };
        let (body, mut sub, mut sup) = match nodes.pop() {
            Some(Node::Scripts { body, sub, sup }) => (body, sub, sup),
            Some(node) => (vec![node], None, None),
            None => (Vec::new(), None, None),
        };
        let slot = if above { &mut sup } else { &mut sub };
        if slot.replace(content).is_some() {
            let which = if above { "superscript" } else { "subscript" };
            return Err(self.error(format!("a second {which} at one symbol")));
        }
        nodes.push(Node::Scripts { body, sub, sup });
        Ok(())
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
            return match character {
                ',' => Ok(Node::Space(167.0)),
                ';' => Ok(Node::Space(278.0)),
                '$' | '_' | '{' | '}' | '%' => Ok(Node::Symbol { character, italic: false, class: Class::Ordinary }),
                _ => Err(self.error(format!("\\{character} is not known"))),
            };
        }
        if let Some(&(_, character, italic, class)) = SYMBOLS.iter().find(|row| row.0 == name) {
            return Ok(Node::Symbol { character, italic, class });
        }
        if FUNCTIONS.contains(&name.as_str()) {
            return Ok(Node::Word { letters: name, class: Class::Function });
        }
        match name.as_str() {
            "bar" => self.accented(Accent::Bar),
            "hat" => self.accented(Accent::Hat),
            "tilde" => self.accented(Accent::Tilde),
            "dot" => self.accented(Accent::Dot),
            "sqrt" => Ok(Node::Root(self.argument()?)),
            "text" | "mathrm" => self.word(),
            _ => {
                self.position = start;
                Err(self.error(format!("\\{name} is not known")))
            }
        }
    }

    fn accented(&mut self, accent: Accent) -> Result<Node, MarkupError> {
        Ok(Node::Accented { body: self.argument()?, accent })
    }

    fn open(&mut self) -> Result<usize, MarkupError> {
        if self.peek() != Some('{') {
            return Err(self.error("a {group} must follow the command".to_owned()));
        }
        self.position += 1;
        Ok(self.position)
    }

    fn argument(&mut self) -> Result<Vec<Node>, MarkupError> {
        let start = self.open()?;
        self.mathematics('}', start)
    }

    fn word(&mut self) -> Result<Node, MarkupError> {
        let start = self.open()?;
        let mut letters = String::new();
        loop {
            let Some(character) = self.peek() else {
                self.position = start;
                return Err(self.error("no '}' closes what starts here".to_owned()));
            };
            self.position += 1;
            match character {
                '}' => return Ok(Node::Word { letters, class: Class::Ordinary }),
                '\\' => letters.push(self.escaped()?),
                '$' | '_' | '^' | '{' => return Err(self.error(format!("write \\{character} inside \\text"))),
                _ if character.is_control() => return Err(self.error("control characters cannot be drawn".to_owned())),
                _ => letters.push(character),
            }
        }
    }
}
