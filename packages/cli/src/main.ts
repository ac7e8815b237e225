#!/usr/bin/env node
const a: string = "x"
console.log(a, process.version)
