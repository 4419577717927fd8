//! Decisions of this room: values in, values out.

pub mod gharchive;
