mod append_only;
mod explanations;
mod verify;
