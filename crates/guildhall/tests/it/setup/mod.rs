//! Pages of the setup that change settings of the server, in the setup and later.

mod changes;
mod community;
