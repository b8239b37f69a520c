//! Which rows of which table, and how they split into series.

/// What a cell of a table is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number; whole numbers compare as numbers too.
    Number(f64),
    /// A label.
    Text(String),
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Value::Number(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Value::Number(value as f64)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Value::Text(value.to_owned())
    }
}

/// Rows of one table: those where every named column equals the value given.
#[derive(Debug, Clone, PartialEq)]
pub struct Select {
    /// Name of the table.
    pub table: String,
    /// Conditions, all of which must hold exactly.
    pub filters: Vec<(String, Value)>,
    /// Column to sort by; without it, rows keep the order of the table.
    pub order: Option<String>,
}

impl Select {
    /// All rows of a table.
    pub fn table(name: impl Into<String>) -> Self {
        Self { table: name.into(), filters: Vec::new(), order: None }
    }

    /// Keeps the rows where a column equals a value.
    pub fn filter(mut self, column: impl Into<String>, value: impl Into<Value>) -> Self {
        self.filters.push((column.into(), value.into()));
        self
    }

    /// Sorts the rows by a column.
    pub fn order(mut self, column: impl Into<String>) -> Self {
        self.order = Some(column.into());
        self
    }
}

impl From<&Select> for Select {
    fn from(select: &Select) -> Self {
        select.clone()
    }
}

impl From<&str> for Select {
    fn from(table: &str) -> Self {
        Select::table(table)
    }
}

/// Where the colours of a split come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Colours {
    /// Those of the quantity that the column holds ([`Family`](super::Family)): a value has one colour in all figures, unless a figure shows a few layers or
    /// widths of a small part of their scale, which then take all of it. Names of phases have the
    /// colours of phases, other names distinct ones.
    Quantity,
    /// Distinct colours and marker shapes, by rank; a dark-to-light ramp beyond seven values.
    Distinct,
    /// A dark-to-light ramp, though the values are names or the quantity has a middle.
    Ramp,
    /// The phase named in this column: `ordered`, `critical` or `chaotic`; or what a part of a set does: `attracts` or `repels`.
    /// Where the series are split by another column, labels show the phase.
    Phase(String),
    /// Once around a circle of hues, in the order of the values; markers are all the same.
    Cycle,
    /// Mid grey for all: a family of guides.
    Grey,
}

/// One series for each distinct value of a column. A value has the same colour in every panel of the figure, and in all figures where its quantity is known.
#[derive(Debug, Clone, PartialEq)]
pub struct By {
    /// Column whose values split the rows.
    pub column: String,
    /// Legend label (markup) with `{}` for the value; without it the series are not in the legend.
    pub label: Option<String>,
    /// Where the colours come from.
    pub colours: Colours,
    /// What stands for values in labels (markup), where it is not the value itself.
    pub names: Vec<(String, String)>,
}

impl By {
    /// Splits by a column, labelled with `{}` for the value.
    pub fn new(column: impl Into<String>, label: impl Into<String>) -> Self {
        Self { column: column.into(), label: Some(label.into()), colours: Colours::Quantity, names: Vec::new() }
    }

    /// Splits by a column without legend entries.
    pub fn unlabelled(column: impl Into<String>) -> Self {
        Self { column: column.into(), label: None, colours: Colours::Quantity, names: Vec::new() }
    }

    /// The same without legend entries.
    pub fn quiet(&self) -> Self {
        Self { label: None, ..self.clone() }
    }

    /// Colours by a dark-to-light ramp.
    pub fn ramp(mut self) -> Self {
        self.colours = Colours::Ramp;
        self
    }

    /// Distinct colours, by rank.
    pub fn distinct(mut self) -> Self {
        self.colours = Colours::Distinct;
        self
    }

    /// Colours once around a circle.
    pub fn cycle(mut self) -> Self {
        self.colours = Colours::Cycle;
        self
    }

    /// Names values in labels by markup, such as `$w_1$` for `w1`.
    pub fn names<V: Into<String>, N: Into<String>>(mut self, names: impl IntoIterator<Item = (V, N)>) -> Self {
        self.names = names.into_iter().map(|(value, name)| (value.into(), name.into())).collect();
        self
    }

    /// All in mid grey.
    pub fn grey(mut self) -> Self {
        self.colours = Colours::Grey;
        self
    }

    /// Colours by the phase that a column names.
    pub fn phase(mut self, column: impl Into<String>) -> Self {
        self.colours = Colours::Phase(column.into());
        self
    }
}

impl From<&By> for By {
    fn from(by: &By) -> Self {
        by.clone()
    }
}

impl From<&By> for Option<By> {
    fn from(by: &By) -> Self {
        Some(by.clone())
    }
}
