//! The modules of the application and the programmes among them: the only lists of them.

use platform::module::Modules;
use recognition::Programmes;

/// Every module, lower ones first.
pub const MODULES: Modules = Modules(&[
    &platform::MODULE,
    &identity::MODULE,
    &community::MODULE,
    &notifications::MODULE,
    &recognition::MODULE,
    &github::MODULE,
    &contributions::MODULE,
    &hackathons::MODULE,
    &ctf::MODULE,
    &discovery::MODULE,
    &operations::MODULE,
    &crate::MODULE,
]);

/// Every programme that gives points or badges.
pub const PROGRAMMES: Programmes = Programmes(&[
    &contributions::Contributions,
    &hackathons::Hackathons,
    &hackathons::Rewards,
    &ctf::CtfTeams,
]);
