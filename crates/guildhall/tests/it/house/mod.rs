mod operations;
mod people;
mod pull_requests;
