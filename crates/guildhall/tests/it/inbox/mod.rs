mod bodies;
pub(crate) mod call;
mod dead;
mod flight;
mod hooks;
mod order;
mod settings;
mod unregistered;
mod webhook;
