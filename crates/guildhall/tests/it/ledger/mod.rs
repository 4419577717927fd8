mod append_only;
mod verify;
