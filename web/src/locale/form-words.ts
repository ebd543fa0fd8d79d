import { language } from './index'

/** What form-js says by itself, in Chinese. English is its own language, apart from a few words below. */
const ZH: Record<string, string> = {
  'Search': '搜索',
  'Select': '请选择',
  'Browse': '选择文件',
  'Add new': '添加一行',
  'All values selected': '已全部选择',
  'Skip to search': '转到搜索',
  'Remove tag': '移除',
  'No results': '没有匹配项',
  'Increment': '增加',
  'Decrement': '减少',
  'Expand all ({value})': '全部展开（{value}）',
  'Collapse': '收起',
  'Click to remove sorting': '点击取消排序',
  'Click to sort by {value} ascending': '点击按“{value}”升序',
  'Click to sort by {value} descending': '点击按“{value}”降序',
  'Date and time must both be entered.': '日期和时间都要填写。',
  'Document reference is not defined.': '没有指定文件。',
  'Download {fileName}': '下载 {fileName}',
  'Unable to download document': '文件无法下载',
  "External content couldn't be loaded.": '外部内容无法载入。',
  'No content to show.': '没有内容。',
  'Nothing to show.': '没有内容。',
  'No files selected': '尚未选择文件',
  '{value} files selected': '已选择 {value} 个文件',
  'Next page': '下一页',
  'Previous page': '上一页',
  '{page} of {total}': '第 {page} 页，共 {total} 页',
  'Field is required.': '此项为必填项。',
  'Field must be a valid email.': '请填写正确的电子邮箱。',
  'Field must be a valid international phone number. (e.g. +4930664040900)': '请填写带国家代码的电话号码，如 +8613800000000。',
  'Field must have maximum length of {value}.': '最多 {value} 个字。',
  'Field must have minimum length of {value}.': '至少 {value} 个字。',
  'Field must have maximum value of {value}.': '不能大于 {value}。',
  'Field must have minimum value of {value}.': '不能小于 {value}。',
  'Field must match pattern {value}.': '格式不正确（{value}）。',
  'Max validation value is not a valid number.': '表单设置有误：最大值不是数字。',
  'Min validation value is not a valid number.': '表单设置有误：最小值不是数字。',
  'Please select a valid value, the two nearest valid values are {previousValue} and {nextValue}.':
    '请填写允许的数值，最接近的是 {previousValue} 和 {nextValue}。',
  'Value is expected to be an integer.': '请填写整数。',
  'Value is expected to have at most 1 decimal digit.': '最多一位小数。',
  'Value is expected to have at most {value} decimal digits.': '最多 {value} 位小数。',
  'Value is not a number.': '请填写数字。',
  "binding path '{value}' is already claimed": '表单设置有误：“{value}”被用了两次。',
}

/** Words asked for that have no Chinese; a test keeps it empty. */
export const missing = new Set<string>()

/** The `translate` function that form-js is given. */
export function formWord(text: string, values: Record<string, unknown> = {}): string {
  let words = text
  if (language.value !== 'en') {
    const chinese = ZH[text]
    if (chinese === undefined) missing.add(text)
    words = chinese ?? text
  }
  return words.replace(/\{([^}]+)\}/g, (whole, name: string) =>
    values[name] === undefined || values[name] === null ? whole : String(values[name]),
  )
}

export function knownFormWords(): string[] {
  return Object.keys(ZH)
}
