//! What all addresses share: what is kept, how it is told apart, who is let in.

mod cors;
mod gate;
mod hot;
mod rates;
mod redis;
mod repeats;
