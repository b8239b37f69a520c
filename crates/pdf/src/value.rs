//! Values of PDF. Copies are cheap: what is large is shared.

use std::collections::BTreeMap;
use std::rc::Rc;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Null,
    Boolean(bool),
    Number(f64),
    Name(Rc<[u8]>),
    Text(Rc<[u8]>),
    Array(Rc<[Value]>),
    Dictionary(Dictionary),
    Reference(u32),
    Stream(Rc<Stream>),
}

/// Of a key that is there twice the last value counts, as in most programs.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Dictionary(Rc<BTreeMap<Rc<[u8]>, Value>>);

/// A stream: its dictionary and the place of its bytes in the file.
#[derive(Debug, PartialEq)]
pub(crate) struct Stream {
    pub(crate) dictionary: Dictionary,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Dictionary {
    pub(crate) fn new(entries: BTreeMap<Rc<[u8]>, Value>) -> Self {
        Self(Rc::new(entries))
    }

    /// The value of a key; null is the same as none.
    pub(crate) fn get(&self, key: &str) -> Option<&Value> {
        self.named(key.as_bytes())
    }

    pub(crate) fn named(&self, key: &[u8]) -> Option<&Value> {
        self.0.get(key).filter(|value| **value != Value::Null)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&[u8], &Value)> {
        self.0.iter().map(|(key, value)| (&**key, value))
    }

    /// Whether a key has this name as its value.
    pub(crate) fn says(&self, key: &str, name: &str) -> bool {
        matches!(self.get(key), Some(Value::Name(found)) if **found == *name.as_bytes())
    }
}

impl Value {
    /// A whole number that is not negative.
    pub(crate) fn whole(&self) -> Option<u64> {
        match self {
            Value::Number(number) if *number >= 0.0 && *number <= 9e15 && number.fract() == 0.0 => Some(*number as u64),
            _ => None,
        }
    }

    /// A dictionary, also that of a stream.
    pub(crate) fn dictionary(&self) -> Option<&Dictionary> {
        match self {
            Value::Dictionary(dictionary) => Some(dictionary),
            Value::Stream(stream) => Some(&stream.dictionary),
            _ => None,
        }
    }
}
