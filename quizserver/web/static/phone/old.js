/* For browsers without modules: show the advice the page already holds. */
document.documentElement.className += " old";
