//! Parameters of experiments: a field names the rule that reads and checks it, and the rule knows its value, its schema and, where that is
//! the same in every experiment, its meaning.

use neurodyn_config::{Grid, checked};
#[doc(hidden)]
pub use neurodyn_config::{Item, ItemError};
#[doc(hidden)]
pub use neurodyn_model::{Activation, BiasStd, Sigmoid, Width};
use neurodyn_model::{Keep, Manifold, Perceptron, Replicas, WeightStd};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::Deserialize;
use std::borrow::Cow;
use std::marker::PhantomData;

pub use checked::{
    Correlation, CorrelationGrid, Count, Few, Layers, LayersOfNetwork, List, NonNegative, NonNegativeGrid, Number,
    NumberGrid, Numbers, Positive, PositiveGrid, Within,
};

/// A weight scale that is not 0.
pub type WeightScale = checked::AboveZero<WeightStd>;
/// Weight scales that are not 0, a curve for each.
pub type WeightScales = checked::ListAboveZero<WeightStd>;
/// A number of networks.
pub type NetworkCount = checked::Networks;
/// A teacher, or another perceptron with weights within limits.
pub type Teacher = checked::Network;
/// Numbers of points whose products are all kept.
pub type PointCounts = checked::Points;
/// A bias scale that is not 0.
pub type BiasScale = checked::AboveZero<BiasStd>;

/// How a parameter is read.
pub trait Parameter {
    /// What is read.
    type Value;
    /// What it means where a field says nothing else.
    const MEANING: &'static str = "";

    /// Reads and checks a value; the error stands at its place in the file.
    fn read(item: Item<'_>) -> Result<Self::Value, ItemError>;

    /// What may stand there.
    fn schema(generator: &mut SchemaGenerator) -> Schema;
}

/// Any value that can be read, unchecked.
pub struct Plain<T>(PhantomData<T>);

impl<T: for<'de> Deserialize<'de> + JsonSchema> Parameter for Plain<T> {
    type Value = T;

    fn read(item: Item<'_>) -> Result<T, ItemError> {
        item.read(T::deserialize)
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<T>()
    }
}

/// Sections, any number of them.
impl<T: Parameter<Value = T> + JsonSchema> Parameter for Vec<T> {
    type Value = Self;

    fn read(item: Item<'_>) -> Result<Self, ItemError> {
        item.list()?.into_iter().map(T::read).collect()
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Self>()
    }
}

/// Sections, one at least.
pub struct Sections<T>(PhantomData<T>);

impl<T: Parameter<Value = T> + JsonSchema> Parameter for Sections<T> {
    type Value = Vec<T>;

    fn read(item: Item<'_>) -> Result<Vec<T>, ItemError> {
        item.filled_list()?.into_iter().map(T::read).collect()
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        List::<T>::json_schema(generator)
    }
}

/// A rule a line, with its value, its meaning and its generic parameters.
macro_rules! rules {
    ($($rule:ty => $value:ty $(, $meaning:literal)? $(where [$($generic:tt)*])?;)*) => {$(
        impl $(<$($generic)*>)? Parameter for $rule {
            type Value = $value;
            $(const MEANING: &'static str = $meaning;)?

            fn read(item: Item<'_>) -> Result<$value, ItemError> {
                item.read(<$rule>::deserialize)
            }

            fn schema(generator: &mut SchemaGenerator) -> Schema {
                <$rule as JsonSchema>::json_schema(generator)
            }
        }
    )*};
}

rules! {
    Activation => Activation, "Activation function `phi`.";
    Sigmoid => Sigmoid, "Activation function `phi` of the hidden units.";
    WeightStd => WeightStd, "Weight scale `sigma_w`: weights are `N(0, sigma_w^2 / n)`.";
    WeightScale => WeightStd, "Weight scale `sigma_w`: weights are `N(0, sigma_w^2 / n)`.";
    WeightScales => Vec<WeightStd>, "Weight scales `sigma_w`, one curve each: weights are `N(0, sigma_w^2 / n)`.";
    BiasStd => BiasStd, "Bias scale `sigma_b`: biases are `N(0, sigma_b^2)`.";
    BiasScale => BiasStd, "Bias scale `sigma_b`: biases are `N(0, sigma_b^2)`.";
    Width => Width, "Neurons a layer, `n`.";
    Keep => Keep;
    Replicas => Replicas, "Number of networks a Monte Carlo mean is over.";
    Manifold => Manifold;
    Layers => Vec<usize>;
    LayersOfNetwork => Vec<usize>, "Layers to show, 0 being the input; the deepest is the depth of the networks.";
    checked::Networks => usize, "Number of networks a Monte Carlo mean is over.";
    checked::Network => Perceptron, "The teacher: input weights `J_i`, one row a unit, and output weights `w_i`.";
    PointCounts => Vec<usize>;
    NonNegative => f64;
    Positive => f64;
    Correlation => f64;
    NonNegativeGrid => Grid;
    PositiveGrid => Grid;
    CorrelationGrid => Grid;
    Number<L> => f64 where [L: checked::Limits];
    Numbers<L> => Vec<f64> where [L: checked::Limits];
    NumberGrid<L> => Grid where [L: checked::Limits];
    Within<LEAST, LARGEST> => usize where [const LEAST: usize, const LARGEST: usize];
    List<T> => Vec<T> where [T: for<'a> Deserialize<'a> + JsonSchema];
}

/// The same rule with a meaning of its own.
macro_rules! named {
    ($($name:ident is $rule:ty, $meaning:literal;)*) => {$(
        #[doc = $meaning]
        pub struct $name;

        impl Parameter for $name {
            type Value = <$rule as Parameter>::Value;
            const MEANING: &'static str = $meaning;

            fn read(item: Item<'_>) -> Result<Self::Value, ItemError> {
                <$rule as Parameter>::read(item)
            }

            fn schema(generator: &mut SchemaGenerator) -> Schema {
                <$rule as Parameter>::schema(generator)
            }
        }
    )*};
}

named! {
    Depth is checked::Depth, "Number of layers `L`.";
    WeightGrid is PositiveGrid, "Weight scales `sigma_w`: weights are `N(0, sigma_w^2 / n)`.";
    BiasGrid is NonNegativeGrid, "Bias scales `sigma_b`: biases are `N(0, sigma_b^2)`.";
    BiasScales is List<BiasStd>, "Bias scales `sigma_b`, one curve each: biases are `N(0, sigma_b^2)`.";
    OrderedScale is WeightScale, "Weight scale in the ordered phase.";
    ChaoticWeight is WeightScale, "Weight scale `sigma_w`, in the chaotic phase: weights are `N(0, sigma_w^2 / n)`.";
    ChaoticScale is WeightScale, "Weight scale in the chaotic phase.";
    Widths is List<Width>, "Numbers of neurons a layer, `n`, one simulation each.";
    InitialActivity is NonNegative, "Activity `A^0` of the input.";
    Activations is List<Activation>, "Activation functions `phi`, one curve each.";
    Keeps is List<Keep>, "Probabilities `rho` that a neuron is kept, one curve each.";
    InputCount is Few<2>, "Number of inputs `T`.";
    WidthReplicas is NetworkCount, "Number of networks of each width.";
    HalfCircle is Count<3>, "Points on the half circle.";
    Every is Count<1>, "Monte Carlo is shown in every so many layers.";
}

/// The schema of a field that a rule reads.
pub struct Said<R>(PhantomData<R>);

impl<R: Parameter> JsonSchema for Said<R> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Said".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut schema = R::schema(generator);
        if !R::MEANING.is_empty() {
            schema.insert("description".to_owned(), R::MEANING.into());
        }
        schema
    }
}

/// The rule of a field: the one that it gives, or the one that every field of its name has.
#[doc(hidden)]
#[macro_export]
macro_rules! rule {
    ($field:ident: $rule:ty) => {
        $rule
    };
    (activation) => {
        $crate::parameters::Activation
    };
    (activations) => {
        $crate::parameters::Activations
    };
    (chaotic) => {
        $crate::parameters::ChaoticScale
    };
    (depth) => {
        $crate::parameters::Depth
    };
    (initial_activity) => {
        $crate::parameters::InitialActivity
    };
    (ordered) => {
        $crate::parameters::OrderedScale
    };
    (phi) => {
        $crate::parameters::Sigmoid
    };
    (sampled_every) => {
        $crate::parameters::Every
    };
    (sigma_b) => {
        $crate::parameters::BiasStd
    };
    (teacher) => {
        $crate::parameters::Teacher
    };
    (width) => {
        $crate::parameters::Width
    };
    (widths) => {
        $crate::parameters::Widths
    };
}
pub use rule;

/// Structures of parameters, a field a line: `name: Rule => "meaning"`, or `name: Rule` where the rule knows what it means, or `name` alone
/// where it is the rule of the name. A longer meaning is a comment. Unknown and missing fields are errors at their line.
#[macro_export]
macro_rules! parameters {
    ($($(#[$meta:meta])* $name:ident {
        $($(#[$doc:meta])* $field:ident $(: $rule:ty)? $(=> $meaning:literal)?),* $(,)?
    })*) => {
        $(
            $(#[$meta])*
            #[derive(Debug, Clone)]
            pub struct $name {
                $(pub(crate) $field: <$crate::parameters::rule!($field $(: $rule)?) as $crate::parameters::Parameter>::Value,)*
            }
        )*

        $crate::parameters::readers! {
            $($(#[$meta])* $name { $($(#[$doc])* $field $(: $rule)? $(=> $meaning)?),* })*
        }
    };
}
pub use parameters;

/// How structures of parameters are read, and their schemas.
#[doc(hidden)]
#[macro_export]
macro_rules! readers {
    ($($(#[$meta:meta])* $name:ident {
        $($(#[$doc:meta])* $field:ident $(: $rule:ty)? $(=> $meaning:literal)?),*
    })*) => {$(
        const _: () = {
            use $crate::parameters::{Item, ItemError, Parameter, Said, rule};

            $(#[$meta])*
            #[derive(schemars::JsonSchema)]
            #[schemars(deny_unknown_fields)]
            #[allow(dead_code)]
            struct Raw {
                $($(#[$doc])* $(#[doc = $meaning])? $field: Said<rule!($field $(: $rule)?)>,)*
            }

            impl schemars::JsonSchema for $name {
                fn inline_schema() -> bool {
                    true
                }

                fn schema_name() -> std::borrow::Cow<'static, str> {
                    stringify!($name).into()
                }

                fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                    Raw::json_schema(generator)
                }
            }

            impl Parameter for $name {
                type Value = Self;

                fn read(item: Item<'_>) -> Result<Self, ItemError> {
                    let mut section = item.section(&[$(stringify!($field)),*])?;
                    Ok(Self { $($field: <rule!($field $(: $rule)?) as Parameter>::read(section.take(stringify!($field))?)?,)* })
                }

                fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                    <Self as schemars::JsonSchema>::json_schema(generator)
                }
            }
        };
    )*};
}
pub use readers;
