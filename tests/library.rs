//! The crates and the experiments as a library: each file is a subject. One program, since each has all of polars in it.

mod backward;
mod catalogue;
mod elementary;
mod figures;
mod fisher;
mod free_energy;
mod geometry;
mod initialisation;
mod layering;
mod paradox;
mod readers;
mod recurrent;
mod render;
mod simulation;
mod singular_dynamics;
mod singular_reference;
mod theory_reference;
mod value_stability;
