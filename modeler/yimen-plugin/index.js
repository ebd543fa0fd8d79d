module.exports = { name: 'yimen', script: './client.js' };
