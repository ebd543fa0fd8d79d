module.exports = { name: '一门 Yimen', script: './client.js' };
