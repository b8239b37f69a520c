//! What the bytes of an array are.

use super::count;
use super::error::Fault;
use half::{bf16, f16};

/// A type of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Kind {
    Bool,
    U8,
    U16,
    U32,
    U64,
    I8,
    I16,
    I32,
    I64,
    F16,
    Bf16,
    F32,
    F64,
}

/// Which byte of a number comes first, and which axis runs fastest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Order {
    /// The most significant byte comes first.
    pub big_endian: bool,
    /// The first axis runs fastest (Fortran), not the last one (C).
    pub first_axis_fastest: bool,
}

impl Kind {
    /// All of them.
    pub const ALL: [Kind; 13] = {
        use Kind::*;
        [Bool, U8, U16, U32, U64, I8, I16, I32, I64, F16, Bf16, F32, F64]
    };

    /// Bytes of a number.
    pub fn size(self) -> usize {
        match self {
            Kind::Bool | Kind::U8 | Kind::I8 => 1,
            Kind::U16 | Kind::I16 | Kind::F16 | Kind::Bf16 => 2,
            Kind::U32 | Kind::I32 | Kind::F32 => 4,
            Kind::U64 | Kind::I64 | Kind::F64 => 8,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Bool => "bool",
            Kind::U8 => "u8",
            Kind::U16 => "u16",
            Kind::U32 => "u32",
            Kind::U64 => "u64",
            Kind::I8 => "i8",
            Kind::I16 => "i16",
            Kind::I32 => "i32",
            Kind::I64 => "i64",
            Kind::F16 => "f16",
            Kind::Bf16 => "bf16",
            Kind::F32 => "f32",
            Kind::F64 => "f64",
        }
    }

    /// The names of all, for messages.
    pub fn allowed() -> String {
        Kind::ALL.map(Kind::name).join(", ")
    }

    /// Bytes of an array of this shape.
    pub(crate) fn bytes(self, shape: &[usize]) -> Result<usize, Fault> {
        // an array without numbers may have any other length
        let bytes = count(shape).and_then(|count| count.checked_mul(self.size()));
        bytes.ok_or_else(|| Fault::new("a shape with more numbers than can be counted", "what fits into memory"))
    }

    /// Numbers from their bytes, as many as the shape says, in row order. Whole numbers beyond 2^53 are rounded.
    pub(crate) fn decode(self, bytes: &[u8], shape: &[usize], order: Order) -> Vec<f64> {
        let big = order.big_endian;
        macro_rules! read {
            ($type:ty, $convert:expr) => {{
                const SIZE: usize = size_of::<$type>();
                let word = |chunk: &[u8]| {
                    let word: [u8; SIZE] = chunk.try_into().unwrap_or([0; SIZE]);
                    $convert(if big { <$type>::from_be_bytes(word) } else { <$type>::from_le_bytes(word) })
                };
                bytes.chunks_exact(SIZE).map(word).collect::<Vec<f64>>()
            }};
        }
        let values: Vec<f64> = match self {
            Kind::Bool => bytes.iter().map(|&byte| f64::from(u8::from(byte != 0))).collect(),
            Kind::U8 => read!(u8, f64::from),
            Kind::U16 => read!(u16, f64::from),
            Kind::U32 => read!(u32, f64::from),
            Kind::U64 => read!(u64, |word: u64| word as f64),
            Kind::I8 => read!(i8, f64::from),
            Kind::I16 => read!(i16, f64::from),
            Kind::I32 => read!(i32, f64::from),
            Kind::I64 => read!(i64, |word: i64| word as f64),
            Kind::F16 => read!(u16, |word: u16| f16::from_bits(word).to_f64()),
            Kind::Bf16 => read!(u16, |word: u16| bf16::from_bits(word).to_f64()),
            Kind::F32 => read!(f32, f64::from),
            Kind::F64 => read!(f64, |word: f64| word),
        };
        if order.first_axis_fastest && shape.len() > 1 { row_order(&values, shape) } else { values }
    }
}

/// Values whose first axis runs fastest, with the last one fastest instead.
fn row_order(values: &[f64], shape: &[usize]) -> Vec<f64> {
    let mut strides = vec![1; shape.len()];
    for axis in 1..shape.len() {
        strides[axis] = strides[axis - 1] * shape[axis - 1];
    }
    let mut turned = Vec::with_capacity(values.len());
    let mut place = vec![0; shape.len()];
    let mut at = 0;
    while turned.len() < values.len() {
        turned.push(values[at]);
        for axis in (0..shape.len()).rev() {
            place[axis] += 1;
            at += strides[axis];
            if place[axis] < shape[axis] {
                break;
            }
            at -= strides[axis] * shape[axis];
            place[axis] = 0;
        }
    }
    turned
}
