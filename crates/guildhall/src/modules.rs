//! The modules of the application: the only lists of them.

use platform::module::Modules;

/// Every module, lower ones first.
pub const MODULES: Modules = Modules(&[
    &platform::MODULE,
    &identity::MODULE,
    &notifications::MODULE,
    &recognition::MODULE,
    &github::MODULE,
    &contributions::MODULE,
    &crate::MODULE,
]);
