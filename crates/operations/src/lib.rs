//! The operator's half: backups, costs and use, and what people say about the server. Uses modules of all programs only
//! through what they declare in their `MODULE`.

use platform::module::Module;

/// The module's description of itself.
pub const MODULE: Module = Module { name: "operations", ..Module::EMPTY };
