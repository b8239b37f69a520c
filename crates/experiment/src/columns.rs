//! What each column of each table holds: role, unit and meaning. [`columns!`] declares those of one experiment, what all share is in
//! [`general`]. A row names these columns, so a name that nothing declares does not compile, and a declared one that no row names is dead
//! code. Columns that follow from a quantity by rule (`x_mc`, ...) need no meaning of their own.

use neurodyn_table::Quantity;

/// What one column holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Description {
    /// Parameter, label, theory, Monte Carlo, standard error, ...
    pub role: &'static str,
    /// Unit; numbers without any are dimensionless, labels have none.
    pub unit: &'static str,
    /// Meaning, in one line.
    pub meaning: String,
}

/// Part that a column plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Role {
    Parameter,
    Label,
    Theory,
    Corrected,
    Approximation,
    MonteCarlo,
    StandardError,
    Correction,
    Fit,
    Literature,
    Verdict,
    Solver,
    Drawing,
}

impl Role {
    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Parameter => "parameter",
            Self::Label => "label",
            Self::Theory => "theory",
            Self::Corrected => "theory with correction",
            Self::Approximation => "approximation",
            Self::MonteCarlo => "Monte Carlo",
            Self::StandardError => "standard error",
            Self::Correction => "correction",
            Self::Fit => "fit",
            Self::Literature => "literature",
            Self::Verdict => "verdict",
            Self::Solver => "solver",
            Self::Drawing => "drawing",
        }
    }
}

/// A declared name.
pub struct Name {
    /// In tables.
    pub name: &'static str,
}

/// What a name means, in one table or in all that no other meaning is for.
#[derive(Debug, PartialEq)]
pub struct Meaning {
    /// The name.
    pub name: &'static str,
    /// The table, `_` for all.
    pub table: &'static str,
    /// The derived column that this speaks of, such as `correction`; none for the quantity.
    pub derived: Option<&'static str>,
    /// Part that it plays.
    pub role: Role,
    /// Unit, empty for none.
    pub unit: &'static str,
    /// In one line.
    pub meaning: &'static str,
}

/// Declares columns, one a line: `name: Role "meaning";`, with a unit `name: Role ["layers"] "meaning";`, or with a meaning for each table (`_` for
/// all others) and for derived columns: `name { curve: Role "meaning"; _: Role "meaning"; _.correction: Correction "meaning"; }`. With `name = "column";` a row
/// writes to a column of another name, whose meaning stands elsewhere or follows by rule.
#[macro_export]
macro_rules! columns {
    ($($name:ident
        $(= $column:literal;)?
        $(: $role:ident $([$unit:literal])? $meaning:literal;)?
        $({ $($table:tt $(. $derived:ident)? : $sub:ident $([$its:literal])? $says:literal;)+ })?
    )*) => {
        #[allow(non_upper_case_globals)]
        pub(crate) mod columns {
            #[allow(unused_imports)]
            pub(super) use $crate::columns::general::*;

            $(pub const $name: $crate::columns::Name =
                $crate::columns::Name { name: [$($column,)? stringify!($name)][0] };)*

            pub(crate) const ALL: &[$crate::columns::Meaning] =
                $crate::columns::meanings!($($name
                    $(: $role $([$unit])? $meaning;)?
                    $({ $($table $(. $derived)? : $sub $([$its])? $says;)+ })?
                )*);
        }
    };
}
pub use columns;

/// The meanings of a declaration.
#[doc(hidden)]
#[macro_export]
macro_rules! meanings {
    ($($name:ident
        $(= $column:literal;)?
        $(: $role:ident $([$unit:literal])? $meaning:literal;)?
        $({ $($table:tt $(. $derived:ident)? : $sub:ident $([$its:literal])? $says:literal;)+ })?
    )*) => {
        &[$(
            $($crate::columns::Meaning {
                name: stringify!($name),
                table: "_",
                derived: None,
                role: $crate::columns::Role::$role,
                unit: concat!($($unit)?),
                meaning: $meaning,
            },)?
            $($($crate::columns::Meaning {
                name: stringify!($name),
                table: stringify!($table),
                derived: [$(Some(stringify!($derived)),)? None][0],
                role: $crate::columns::Role::$sub,
                unit: concat!($($its)?),
                meaning: $says,
            },)+)?
        )*]
    };
}
pub use meanings;

/// Declares the columns of [`general`].
macro_rules! shared {
    ($($name:ident : $role:ident $([$unit:literal])? $meaning:literal;)*) => {
        /// Columns that mean the same wherever they stand.
        #[allow(non_upper_case_globals, missing_docs)]
        pub mod general {
            use super::{Meaning, Name};

            $(pub const $name: Name = Name { name: stringify!($name) };)*

            pub const SHARED: &[Meaning] = super::meanings!($($name: $role $([$unit])? $meaning;)*);
        }
    };
}

shared! {
    sigma_w: Parameter "weight scale: weights are N(0, sigma_w^2 / n)";
    sigma_b: Parameter "bias scale: biases are N(0, sigma_b^2)";
    activation: Label "activation function phi, by its name in experiment files";
    layer: Parameter ["layers"] "number l of the layer, 0 for the input";
    depth: Parameter ["layers"] "number of layers passed";
    width: Parameter ["neurons"] "number n of neurons in every layer";
    replicas: Parameter ["replicas"] "number of independent networks (in learning: of runs) behind the Monte Carlo";
    phase: Label "ordered, critical or chaotic";
    measure: Label "which quantity the row holds";
    iterations: Solver ["iterations"] "iterations that the solver of the fixed point took (of the distance: evaluations of its map)";
    activity: Theory "activity A^l = |x^l|^2 / n of the postactivations";
    activity_star: Theory "stable fixed point A* of the activity map";
    q_star: Theory "variance q* = sigma_w^2 A* + sigma_b^2 of the preactivations at A*";
    slope: Theory "slope of the activity map at A*";
    chi_1: Theory "chi_1 = sigma_w^2 E[phi'(u)^2], u ~ N(0, q*): growth of small squared distances in one layer";
    chi_2: Theory "chi_2 = sigma_w^4 E[phi''(u)^2], u ~ N(0, q*)";
    distance: Theory "squared distance D^l = |x^l - x'^l|^2 / n of two postactivations";
    distance_star: Theory "stable fixed point D-bar of the distance map; 0 in the ordered phase";
    correlation: Theory "correlation c^l = 1 - sigma_w^2 D^l / (2 q*) of two preactivations";
    keep: Parameter "probability rho that a neuron is kept; its output is then divided by rho";
    correlation_star: Theory "correlation c* = 1 - sigma_w^2 D-bar / (2 q*) at D-bar; 1 in the ordered phase";
    file: Label "file of data that was read, from the folder of the experiment file";
    sha256: Label "SHA-256 of that file";
    p_value: Verdict "p-value of the two-sample Kolmogorov-Smirnov test";
    statistic: Verdict "largest distance of the two empirical distributions (Kolmogorov-Smirnov)";
    excess_z: Verdict ["standard errors"] "found less first order, in standard errors";
    hessian_h: Theory "H = E[(T - w* phi(v* x)) phi''(v* x) x^2] of the best single unit; the sign of w* H says which part of the singular region attracts";
}

/// How the meaning of a derived column begins, and its role.
fn derived(quantity: Quantity) -> (Role, &'static str) {
    match quantity {
        Quantity::Plain => (Role::Label, ""),
        Quantity::Theory => (Role::Theory, "theory: "),
        Quantity::MonteCarlo => (Role::MonteCarlo, "Monte Carlo: "),
        Quantity::StandardError | Quantity::Error => (Role::StandardError, "standard error of the Monte Carlo: "),
        Quantity::Correction => (Role::Correction, "first-order (1/n) correction to the theory: "),
        Quantity::Expected => (Role::Corrected, "theory plus correction, what Monte Carlo is compared with: "),
    }
}

/// What begins the part of a meaning that is about its theory alone.
const IN_THEORY: &str = "; in theory ";

impl Meaning {
    fn unit(&self) -> &'static str {
        if self.unit.is_empty() && self.role != Role::Label { "dimensionless" } else { self.unit }
    }

    /// Whether this speaks of a name, or of this column derived from it.
    fn speaks_of(&self, name: &str, quantity: Quantity) -> bool {
        let ending = quantity.ending().strip_prefix('_');
        self.name == name && self.derived == ending
    }
}

/// What a column of a table holds, by the declarations of its experiment and the general ones, and the line that says so; `None` where
/// neither does.
pub fn find(own: &'static [Meaning], table: &str, column: &str) -> Option<(Description, &'static Meaning)> {
    let (quantity, kind) = Quantity::split(column);
    [own, general::SHARED].into_iter().find_map(|all| {
        let entry = |name: &str, kind: Quantity| {
            let of = |table: &str| all.iter().find(|entry| entry.speaks_of(name, kind) && entry.table == table);
            of(table).or_else(|| of("_"))
        };
        let exact = entry(column, Quantity::Plain).or_else(|| entry(quantity, kind));
        if let Some(found) = exact {
            let column = Description { role: found.role.name(), unit: found.unit(), meaning: found.meaning.to_owned() };
            return Some((column, found));
        }
        let found = entry(quantity, Quantity::Plain)?;
        let (role, begin) = derived(kind);
        let measured = found.meaning.split(IN_THEORY).next().unwrap_or_default();
        let of_theory = matches!(role, Role::Theory | Role::Corrected | Role::Correction);
        let meaning = format!("{begin}{}", if of_theory { found.meaning } else { measured });
        Some((Description { role: role.name(), unit: found.unit(), meaning }, found))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_from_a_quantity_says_so() {
        let own: &'static [Meaning] = meanings! {
            value {
                t: Theory ["nats"] "gain of a layer; in theory one";
                _: Parameter "something else";
                t.correction: Correction "none, 0";
            }
        };
        let found = |table: &str, column: &str| find(own, table, column).map(|(column, _)| column);
        let mc = found("t", "value_mc").expect("found");
        assert_eq!((mc.role, mc.unit), ("Monte Carlo", "nats"));
        assert_eq!(mc.meaning, "Monte Carlo: gain of a layer");
        assert_eq!(found("t", "value_theory").expect("found").meaning, "theory: gain of a layer; in theory one");
        assert_eq!(found("t", "value_correction").expect("found").meaning, "none, 0");
        assert_eq!(found("s", "value").expect("found").meaning, "something else");
        assert!(found("s", "sigma_w").is_some());
        assert_eq!(found("s", "nothing_mc"), None);
    }
}
