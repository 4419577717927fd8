mod names;
mod operations;
mod people;
mod private;
mod pull_requests;
