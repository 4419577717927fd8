mod bodies;
mod call;
mod dead;
mod flight;
mod hooks;
mod order;
mod unregistered;
mod webhook;
