"""What questions are put together from: frames for deeds ({x}), things ({x}, {y}), words and qualities; and what patients say."""

DEED_FRAMES = ("How do I {x}?|How can I {x}?|how to {x}|What is the best way to {x}?|Should I {x}?|Is it worth it to {x}?|Why should I {x}?|"
    "Why can't I {x}?|Can I {x}?|Is it possible to {x}?|Is it legal to {x}?|Is it safe to {x}?|What happens if I {x}?|"
    "How long does it take to {x}?|How much does it cost to {x}?|Where can I {x}?|When should I {x}?|Do I need to {x}?|"
    "Is it hard to {x}?|What do I need to {x}?|What are the benefits if I {x}?|Which tools can I use to {x}?|Who can help me to {x}?|"
    "How often should I {x}?|What is it like to {x}?|What are some tips to {x}?|How did you {x}?|Has anyone tried to {x}?|"
    "What is the easiest way to {x}?|What is the fastest way to {x}?|How do you {x} for free?|How do I {x} without help?|"
    "How do I learn to {x}?|Why do people {x}?|Is it a bad idea to {x}?|How do I stop trying to {x}?|Can you {x} at home?|"
    "I want to {x}. What should I do?|How do I {x} in India?|How can a beginner {x}?|What mistakes do people make when they {x}?|"
    "How do I avoid having to {x}?|Is there an app to {x}?|Do you {x}?|Did you ever {x}?|Would you {x}?|How should I prepare to {x}?|"
    "What is the right age to {x}?|How can I {x} quickly?|Why is it difficult to {x}?|how do I not {x}?|When is it too late to {x}?|"
    "Can I {x} online?|What's the cheapest way to {x}?").split("|")

THING_FRAMES = ("What is {x}?|What are the best {x}?|What is the best {x}?|How does {x} work?|Why is {x} important?|What does {x} mean?|"
    "Who invented {x}?|Where can I find {x}?|How much is {x}?|Is {x} good?|Is {x} bad for you?|What are the advantages of {x}?|"
    "What are the disadvantages of {x}?|What is the history of {x}?|What are some examples of {x}?|"
    "What is the difference between {x} and {y}?|Is {x} better than {y}?|Which is better, {x} or {y}?|{x} vs {y}|"
    "Why do people like {x}?|Why do people hate {x}?|What do you think about {x}?|How can I learn about {x}?|How do I get rid of {x}?|"
    "How can I get {x}?|When was {x} made?|How old is {x}?|What causes {x}?|How can {x} be improved?|What is the future of {x}?|"
    "Who is the best {x}?|What is {x} used for?|Does {x} really exist?|Is {x} real?|How is {x} made?|What is the purpose of {x}?|"
    "How important is {x}?|What will happen to {x}?|What are the types of {x}?|What is the cost of {x}?|How is {x} different from {y}?|"
    "What are good books about {x}?|Where did {x} come from?|Who is in charge of {x}?|How many {x} are there?|Can {x} be dangerous?|"
    "What are the side effects of {x}?|How do you use {x}?|What is your opinion on {x}?|What is the meaning of {x}?|"
    "How do I choose {x}?|Should I buy {x}?|Should I use {x} or {y}?|How do {x} and {y} relate?|What would happen without {x}?|"
    "Why is {x} so expensive?|Why is {x} so popular?|Tell me about {x}|How did {x} start?|What is the capital of {x}?|"
    "What are the rules of {x}?|What jobs are there in {x}?|How is life in {x}?|What's wrong with {x}?|"
    "Is there any alternative to {x}?|How can I prevent {x}?|Why does {x} matter?|Which {x} is the cheapest?").split("|")

WORD_FRAMES = ("How is the word \"{x}\" used in a sentence?|What does the word \"{x}\" mean?|What is another word for {x}?|"
    "What is the opposite of {x}?|What rhymes with {x}?|How do you spell {x}?|Is \"{x}\" a good name?|What is the correct use of \"{x}\"?|"
    "Which is correct: {x} or {y}?|What is the difference between \"{x}\" and \"{y}\"?|What does \"{x}\" mean in this sentence?|"
    "How do you pronounce {x}?|How do you say {x} in Spanish?|What is {x} in Hindi?|Where does the word {x} come from?").split("|")

QUALITY_FRAMES = ("Why am I so {x}?|How can I be more {x}?|How do I stop being {x}?|What makes a person {x}?|Why are some people {x}?|"
    "Is it okay to be {x}?|What are some {x} movies?|What is the most {x} thing you have seen?|What are the most {x} books?|"
    "Are you {x}?|What is the most {x} city in the world?|What does it feel like to be {x}?").split("|")

COMMON_VERBS = ("buy|sell|find|learn|make|get|use|avoid|fix|improve|choose|remove|write|see|draw|cook|play|teach|start|measure|store|clean").split("|")

TAILS = (" in {p}| for beginners| at home| online| for free| in 2016| without money| as a student| at night| when pregnant| on a Mac|"
    " on Windows 10| in simple words| for kids| before an exam| with examples| step by step| and why| at the age of 25| after surgery").split("|")

LEADS = ("I am 25 years old. |I'm a student and need to know: |I have tried everything. |My friend asked me this: |I am new to this. |"
    "I have diabetes. |In your opinion, |I'm from India. |Sorry for the basic question but |As a beginner, |"
    "I've been wondering for years: ").split("|")

# {d} and {e} are ailments, {r} and {q} remedies, {s} a symptom, {p} someone, {n} a number.
CONDITIONS = ("I have {d}.|I was diagnosed with {d} last year.|My {p} has {d}.|I am {n} years old and have {d}.|I've had {s} for {n} days.|"
    "I am pregnant and have {s}.|My {p} suffers from {s}.|I've been taking {r} for {d}.|I took {r} {n} hours ago.|"
    "My doctor prescribed {r} for my {s}.|I have been feeling {s} after taking {r}.|I am a {n} year old with a history of {d}.|"
    "My blood test was abnormal and I have {s}.|I recently had surgery for {d}.||||").split("|")

PATIENT_FRAMES = ("Can {d} cause {s}?|Is {s} a symptom of {d}?|What is the treatment for {d}?|How is {d} diagnosed?|Can I take {r} for {s}?|"
    "Is it safe to take {r} with {q}?|What are the side effects of {r}?|Does {r} cause {s}?|Should I see a doctor about {s}?|"
    "How long does {d} last?|Is {d} contagious?|Can I get pregnant with {d}?|Is {d} hereditary?|What foods should I avoid with {d}?|"
    "Can {d} be cured?|What can I do about {s}?|How can I prevent {d}?|What could be causing my {s}?|Should I stop taking {r}?|"
    "How much {r} should I take?|Could this be {d}?|Is there a link between {d} and {e}?|What is the difference between {d} and {e}?|"
    "Can {r} be used to treat {d}?|Do I need surgery for {d}?|Does {d} go away by itself?|What tests are needed for {d}?|"
    "Is {r} better than {q} for {s}?|Can children get {d}?|Is it normal to have {s} after {r}?|Can I drink alcohol while on {r}?|"
    "What is the life expectancy of someone with {d}?|How do I get rid of {s}?|Can stress cause {s}?|Why do I have {s}?|"
    "What are the early signs of {d}?|Can {r} make {d} worse?|Is {d} dangerous during pregnancy?|What kind of doctor treats {d}?|"
    "When should I worry about {s}?").split("|")

SYMPTOMS = ("headaches|nausea|dizziness|chest pain|a rash|itchy skin|fever|a sore throat|a cough|blood in my urine|blood in my stool|fatigue|"
    "weight loss|weight gain|swollen feet|swollen lymph nodes|back pain|stomach pain|lower abdominal pain|joint pain|"
    "numbness in my hands|tingling in my feet|blurred vision|ringing in my ears|hair loss|night sweats|insomnia|heart palpitations|"
    "shortness of breath|diarrhea|constipation|vomiting|bloating|a missed period|irregular periods|heavy bleeding|spotting|"
    "vaginal discharge|a lump in my breast|a lump on my neck|muscle cramps|muscle weakness|dry mouth|bad breath|bleeding gums|"
    "a toothache|ear pain|red eyes|frequent urination|burning when I pee|high blood pressure|low blood pressure|high cholesterol|"
    "anxiety|depression|mood swings|memory loss|tremors|acne|white spots on my tongue|a stiff neck|knee pain|shoulder pain|"
    "a swollen ankle|cold sores|mouth ulcers|hives|heartburn|acid reflux|loss of appetite|easy bruising|nosebleeds|fainting|"
    "hot flashes|low sperm count|erectile dysfunction|pelvic pain|testicular pain|a fever and chills|leg cramps at night").split("|")

DISEASES = ("diabetes|asthma|hypertension|hypothyroidism|PCOS|endometriosis|anemia|arthritis|gout|eczema|psoriasis|pneumonia|bronchitis|"
    "tuberculosis|hepatitis B|hepatitis C|HIV|herpes|chlamydia|a UTI|kidney stones|gallstones|appendicitis|an ulcer|IBS|"
    "Crohn's disease|celiac disease|lupus|multiple sclerosis|epilepsy|migraines|a stroke|a heart attack|breast cancer|prostate cancer|"
    "cervical cancer|lung cancer|leukemia|lymphoma|HPV|shingles|chickenpox|measles|the flu|a cold|strep throat|tonsillitis|sinusitis|"
    "an ear infection|pink eye|glaucoma|cataracts|sleep apnea|fibromyalgia|osteoporosis|scoliosis|sciatica|a hernia|hemorrhoids|"
    "varicose veins|fatty liver|cirrhosis|pancreatitis|thyroid nodules|Hashimoto's|Graves' disease|vitamin D deficiency|"
    "iron deficiency|a yeast infection|bacterial vaginosis|an ovarian cyst|fibroids|preeclampsia|a miscarriage|an ectopic pregnancy|"
    "ADHD|bipolar disorder|autism|schizophrenia|OCD|PTSD|dementia|Alzheimer's disease|Parkinson's disease").split("|")

DRUGS = ("ibuprofen|paracetamol|acetaminophen|aspirin|amoxicillin|azithromycin|metformin|insulin|lisinopril|metoprolol|amlodipine|"
    "atorvastatin|omeprazole|prednisone|levothyroxine|birth control pills|Plan B|antibiotics|antidepressants|Prozac|Zoloft|Lexapro|"
    "Xanax|Adderall|gabapentin|tramadol|warfarin|Benadryl|Zyrtec|Claritin|melatonin|fish oil|vitamin C|iron supplements|antacids|"
    "steroids|Accutane|doxycycline|ciprofloxacin|fluconazole|acyclovir|Viagra|chemotherapy|the flu shot|the HPV vaccine|"
    "the MMR vaccine").split("|")
