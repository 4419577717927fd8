mod contract;
mod names;
mod openapi;
mod operations;
mod people;
mod private;
mod pull_requests;
