/** How apps, and devices that are neither computers nor phones, appear in user agents. */

/**
 * Apps that contain a browser, and browsers, that bowser does not know. Messenger also names Facebook.
 *
 * @type {[RegExp, string][]}
 */
export const APPS = [
  [/\bFBAN\/Messenger|\bOrca-Android\b/, "Messenger"],
  [/\bFBA[NV]\/|\bFB_IAB\//, "Facebook"],
  [/\bInstagram \d/, "Instagram"],
  [/\bBarcelona \d/, "Threads"],
  [/\bLine\/\d/, "LINE"],
  [/\bMicroMessenger\//, "WeChat"],
  [/\bKAKAOTALK\b/, "KakaoTalk"],
  [/\bGSA\/\d/, "Google app"],
  [/\bLinkedInApp\b/, "LinkedIn"],
  [/\bPinterest\//, "Pinterest"],
  [/\bmusical_ly|\btrill_\d|\bTikTok\b|\bBytedanceWebview\//, "TikTok"],
  [/\bSnapchat\//, "Snapchat"],
  [/\bTwitter for |\bTwitterAndroid\b/, "X"],
  [/\bTeams\/\d/, "Microsoft Teams"],
  [/\b(?:DuckDuckGo|Ddg)\/\d/, "DuckDuckGo"],
  [/\bHuaweiBrowser\//, "Huawei Browser"],
];

/**
 * Devices that are neither computers nor phones, and that people know by their own name.
 *
 * @type {[RegExp, string][]}
 */
export const THINGS = [
  [/\b(PlayStation (?:\d|Vita))\b/, "$1"],
  [/\bXbox\b/, "Xbox"],
  [/\b(Nintendo (?:Switch|WiiU|3DS))\b/, "$1"],
  [/\bTizen\b.* TV\b|SMART-TV;/, "Samsung TV"],
  [/\bWeb0S\b/, "LG TV"],
  [/\bAFT[A-Z]+\b/, "Fire TV"],
  [/\bCrKey\b/, "Chromecast"],
  [/\b(?:BRAVIA|Android TV|GoogleTV)\b/, "Android TV"],
  [/ (Quest(?: \w+)?)(?: Build\/[^)]*)?\) .*OculusBrowser\//, "Meta $1"],
  [/ Tesla\/|QtCarBrowser\//, "Tesla"],
];
