//! What `parameters!` and `columns!` of `experiment` write, with fields and names written in this crate: in what a macro of another crate writes the compiler reports
//! no dead code, and a parameter that nothing reads or a column that no row has is to be an error.

/// Structures of parameters, as the macro of this name in `experiment` writes them.
macro_rules! parameters {
    ($($(#[$meta:meta])* $name:ident {
        $($(#[$doc:meta])* $field:ident $(: $rule:ty)? $(=> $meaning:literal)?),* $(,)?
    })*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone)]
            pub struct $name {
                $(pub(crate) $field: <$crate::experiment::parameters::rule!($field $(: $rule)?) as $crate::experiment::parameters::Parameter>::Value,)*
            }
        )*

        $crate::experiment::parameters::readers! {
            $($(#[$meta])* $name { $($(#[$doc])* $field $(: $rule)? $(=> $meaning)?),* })*
        }
    };
}

/// Columns, as the macro of this name in `experiment` declares them.
macro_rules! columns {
    ($($name:ident $(= $column:literal;)? $(: $role:ident $([$unit:literal])? $meaning:literal;)? $({ $($says:tt)+ })?)*) => {
        #[allow(non_upper_case_globals)]
        pub(crate) mod columns {
            #[allow(unused_imports)]
            pub(super) use $crate::experiment::columns::general::*;

            mod declared {
                $crate::experiment::columns! {
                    $($name $(= $column;)? $(: $role $([$unit])? $meaning;)? $({ $($says)+ })?)*
                }
            }
            pub(crate) use declared::columns::ALL;

            $(pub(super) const $name: $crate::experiment::columns::Name = declared::columns::$name;)*
        }
    };
}
