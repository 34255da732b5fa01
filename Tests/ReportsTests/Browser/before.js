// Runs before the page's own script: keeps what goes wrong.
window.troubles = [];
window.hostile = () => troubles.push("a name was executed");
addEventListener("error", event => troubles.push(`error: ${event.message} at line ${event.lineno}`));
addEventListener("unhandledrejection", event => troubles.push(`rejected: ${event.reason}`));
addEventListener("securitypolicyviolation", event => troubles.push(`refused: ${event.violatedDirective}`));
const complain = console.error;
console.error = (...words) => { troubles.push(`console: ${words.join(" ")}`); complain(...words); };
