//! Values of a file with their places. A section is read field by field, by code that is compiled once and not with every kind of section.

use super::checked::filled;
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, Visitor};
use std::fmt;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

/// A value and its place.
pub struct Item<'a>(Spanned<DeValue<'a>>);

/// Why a value cannot be read, and the place of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemError {
    pub(super) message: String,
    pub(super) place: Range<usize>,
}

impl ItemError {
    /// An error, which is here unless it says where it is.
    pub(super) fn new(error: &toml::de::Error, place: Range<usize>) -> Self {
        Self { message: error.message().to_owned(), place: error.span().unwrap_or(place) }
    }
}

impl From<toml::de::Error> for ItemError {
    fn from(error: toml::de::Error) -> Self {
        Self::new(&error, 0..0)
    }
}

/// The fields of a section that have not been read yet.
pub struct Section<'a> {
    fields: DeTable<'a>,
    place: Range<usize>,
}

impl<'a> Item<'a> {
    /// The value of a field of a whole file.
    pub(super) fn of_file(text: &'a str, name: &'static str) -> Result<Self, ItemError> {
        let fields = DeTable::parse(text)?.into_inner();
        Section { fields, place: 0..0 }.take(name)
    }

    /// Reads the value by this rule, such as `T::deserialize`.
    pub fn read<T>(
        self,
        rule: impl FnOnce(ValueDeserializer<'a>) -> Result<T, toml::de::Error>,
    ) -> Result<T, ItemError> {
        let place = self.0.span();
        rule(ValueDeserializer::from(self.0)).map_err(|error| ItemError::new(&error, place))
    }

    /// The values of a list.
    pub fn list(self) -> Result<Vec<Self>, ItemError> {
        let place = self.0.span();
        match self.0.into_inner() {
            DeValue::Array(list) => Ok(list.into_iter().map(Self).collect()),
            // the error that every list has
            other => Self(Spanned::new(place, other)).read(Vec::<IgnoredAny>::deserialize).map(|_| Vec::new()),
        }
    }

    /// The values of a list that is not empty.
    pub fn filled_list(self) -> Result<Vec<Self>, ItemError> {
        let place = self.0.span();
        filled(self.list()?).map_err(|error| ItemError::new(&error, place))
    }

    /// The fields of a section, which may have these and no others.
    pub fn section(self, names: &'static [&'static str]) -> Result<Section<'a>, ItemError> {
        let place = self.0.span();
        let fields = match self.0.into_inner() {
            DeValue::Table(fields) => fields,
            other => return Self(Spanned::new(place, other)).read(|value| value.deserialize_any(Other)),
        };
        match fields.keys().find(|key| !names.contains(&key.get_ref().as_ref())) {
            Some(key) => Err(ItemError::new(&toml::de::Error::unknown_field(key.get_ref(), names), key.span())),
            None => Ok(Section { fields, place }),
        }
    }
}

impl<'a> Section<'a> {
    /// The value of a field, once.
    pub fn take(&mut self, name: &'static str) -> Result<Item<'a>, ItemError> {
        let missing = || ItemError::new(&toml::de::Error::missing_field(name), self.place.clone());
        self.fields.remove(name).map(Item).ok_or_else(missing)
    }
}

/// What is no section.
struct Other;

impl<'de> Visitor<'de> for Other {
    type Value = Section<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("a table of parameters")
    }
}
